"""The SPARQL 1.1 Protocol, query part: reads what a request to the endpoint asks for.

It looks at the WSGI environment alone, so that Flask and the front layer read a request alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_options_header

from kmn_ld.engine.interface import PublicQuery
from kmn_ld.errors import NotAcceptable, QueryRefused, RequestError, UnsupportedMediaType
from kmn_ld.formats import BY_NAME, GRAPHS, SOLUTIONS
from kmn_ld.web import negotiation

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_PROTOCOL = {"query", "update", "default-graph-uri", "named-graph-uri", "example"}
"""Parameters of a request that wants something else than the service description."""

_SIGNATURE = "\ufeff"
"""What editors put at the start of a file to sign it as UTF-8 (RFC 3629, 6)."""

_OFFERED = (*SOLUTIONS, *GRAPHS, "html")
_BY_MEDIA_TYPE = {kind: name for name in reversed(_OFFERED) for kind in BY_NAME[name].media_types}
_ALSO = {"json": "jsonld", "xml": "rdf"}
"""What `format=` of a result of rows means for a result of triples."""
_OTHER_NAMES = {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "nquads": "nq",
    "json-ld": "jsonld",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
}
"""Names that clients such as SPARQLWrapper put into `format=`."""
_AS_PAGE = (("json",), ("ttl",))
"""The formats that a page is made of."""


@dataclass(frozen=True)
class Asked:
    """What a request asks for.

    `description` is the format of the service description that is wanted, empty where none is;
    `query` is None where the query form is wanted, with an `example` of the library; `as_page`
    says whether a result is to be shown as a page, `by_format` whether the Accept header decides.
    """

    query: PublicQuery | None = None
    as_page: bool = False
    description: str = ""
    example: str = ""
    by_format: bool = True


def read(environ: Mapping[str, Any], body: Callable[[], bytes]) -> Asked:
    """Return what a GET, HEAD or POST asks for; `body` is called for a POST alone.

    Raises RequestError, QueryRefused, UnsupportedMediaType, NotAcceptable.
    """
    is_post = environ["REQUEST_METHOD"] == "POST"
    parameters = _decoded(environ["QUERY_STRING"].encode("latin-1"))
    if is_post:
        parameters.update(_of_body(environ.get("CONTENT_TYPE", ""), body()))
    accept = environ.get("HTTP_ACCEPT")
    chosen = _chosen(parameters)
    by_format = not chosen
    if not is_post and not (parameters.keys() & _PROTOCOL):
        wanted = chosen or (negotiation.preferences(accept, (*GRAPHS, "html")) or ("",))[0]
        if wanted in GRAPHS:
            return Asked(description=wanted, by_format=by_format)
    as_page = _is_page(chosen, accept)
    if as_page and not is_post and "query" not in parameters:
        return Asked(as_page=True, example=parameters.get("example", ""), by_format=by_format)
    text, default, named = _query(parameters)
    solutions, graphs = _AS_PAGE if as_page else _formats(chosen, accept)
    query = PublicQuery(text, solutions, graphs, default, named)
    return Asked(query, as_page=as_page, by_format=by_format)


def _of_body(content_type: str, body: bytes) -> MultiDict[str, str]:
    """Return the parameters of a form, or a body that is a query as `query` (2.1.2, 2.1.3)."""
    media_type, options = parse_options_header(content_type)
    is_utf8 = options.get("charset", "utf-8").lower() in ("utf-8", "utf8")
    if media_type.lower() == FORM and is_utf8:
        return _decoded(body)
    if media_type.lower() == QUERY and is_utf8:
        return MultiDict([("query", _as_text(body).removeprefix(_SIGNATURE))])
    if media_type.lower() == UPDATE:
        raise QueryRefused("update-not-offered")
    taken = f"{FORM}, {QUERY}"
    raise UnsupportedMediaType("query-media-type", given=content_type or "-", taken=taken)


def _decoded(pairs: bytes) -> MultiDict[str, str]:
    """Return names and values of a form, percent signs decoded once (2.1.1).

    Not Flask's reading of it, which puts U+FFFD in place of what is no UTF-8.
    """
    try:
        return MultiDict(parse_qsl(_as_text(pairs), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise RequestError("query-not-utf8") from error


def _as_text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError("query-not-utf8") from error


def _query(
    parameters: MultiDict[str, str],
) -> tuple[str, Sequence[str] | None, Sequence[str] | None]:
    """Return the one query of the request with its dataset (2.1.4)."""
    if "update" in parameters:
        raise QueryRefused("update-not-offered")
    texts = parameters.getlist("query")
    if len(texts) != 1:
        raise RequestError("query-missing" if not texts else "query-twice", count=len(texts))
    if "default-graph-uri" not in parameters and "named-graph-uri" not in parameters:
        return texts[0], None, None
    default, named = map(parameters.getlist, ("default-graph-uri", "named-graph-uri"))
    return texts[0], tuple(default), tuple(named)


def _formats(chosen: str, accept: str | None) -> tuple[Sequence[str], Sequence[str]]:
    """Return the names of the wanted formats: for rows, and for triples."""
    if chosen:
        if chosen not in _OFFERED:
            raise NotAcceptable("format-unknown", format=chosen, offered=", ".join(_OFFERED))
        graph_format = _ALSO.get(chosen, chosen)
        return (
            (chosen,) if chosen in SOLUTIONS else (),
            (graph_format,) if graph_format in GRAPHS else (),
        )
    solutions = negotiation.preferences(accept, SOLUTIONS)
    graphs = negotiation.preferences(accept, GRAPHS)
    if not solutions and not graphs:
        raise NotAcceptable("not-acceptable", offered=negotiation.media_types(_OFFERED))
    return solutions, graphs


def _chosen(parameters: MultiDict[str, str]) -> str:
    """Return what `format=` names, as one of our names where it is one; empty without it.

    It may be a name of ours, one that clients use, or a media type, whose `+` may have become a
    blank.
    """
    named = parameters.get("format", "").strip().lower().replace(" ", "+")
    return _OTHER_NAMES.get(named) or _BY_MEDIA_TYPE.get(named, named)


def _is_page(chosen: str, accept: str | None) -> bool:
    if chosen:
        return chosen == "html"
    return negotiation.preferences(accept, _OFFERED)[:1] == ("html",)
