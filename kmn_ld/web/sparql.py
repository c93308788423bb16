"""The SPARQL 1.1 Protocol: reads the request, has the engine answer, sends the whole result."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from kmn_ld.engine.interface import PublicQuery
from kmn_ld.errors import NotAcceptable, QueryRefused, RequestError, UnsupportedMediaType
from kmn_ld.formats import BY_NAME, GRAPHS, SOLUTIONS
from kmn_ld.web import answers, descriptions, negotiation, query_page
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying

bp = Blueprint("sparql", __name__)

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_PROTOCOL = {"query", "update", "default-graph-uri", "named-graph-uri", "example"}
"""Parameters of a request that wants something else than the service description."""

_SIGNATURE = "\ufeff"
"""What editors put at the start of a file to sign it as UTF-8 (RFC 3629, 6)."""

_OFFERED = (*SOLUTIONS, *GRAPHS, "html")
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


@dataclass(frozen=True)
class _Asked:
    """A query and whether its result is to be shown as a page."""

    query: PublicQuery
    as_page: bool


@bp.route("/sparql", methods=["GET", "POST"])
@bp.route("/releases/<release>/sparql", methods=["GET", "POST"])  # see `archive`
def endpoint() -> Response:
    """Answer a query; without one, show the form to who asks for a page."""
    parameters = _parameters()
    if described := _description_format(parameters):
        return descriptions.service(described, _varying(page=False))
    if request.method != "POST" and "query" not in parameters and _wants_page(parameters):
        return query_page.form_page(parameters.get("example", ""), _varying(page=True))
    asked = _read(parameters)
    answer = current().engine.answer(asked.query, request.remote_addr or "")
    if asked.as_page:
        return query_page.answer_page(
            asked.query.text, answer, _varying(page=True), answers.age(answer)
        )
    return answers.send(answer, _varying(page=False))


def _description_format(parameters: MultiDict[str, str]) -> str:
    """Return the format of the service description that is asked for, empty for other requests.

    It is a GET that asks nothing else (SPARQL 1.1 Service Description, 2).
    """
    if request.method == "POST" or parameters.keys() & _PROTOCOL:
        return ""
    if chosen := _chosen(parameters):
        return chosen if chosen in GRAPHS else ""
    wanted = negotiation.preferences(request.headers.get("Accept"), (*GRAPHS, "html"))
    return wanted[0] if wanted and wanted[0] != "html" else ""


def _parameters() -> MultiDict[str, str]:
    """Return the parameters of the request: of the URL, of a form, a body as `query`.

    Percent signs are decoded once; UTF-8 is the only encoding (SPARQL 1.1 Protocol, 2.1.1-2.1.3).
    """
    parameters = MultiDict(_decoded(request.query_string))
    if request.method != "POST":
        return parameters
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in (FORM, QUERY) or charset not in ("utf-8", "utf8"):
        if request.mimetype == UPDATE:
            raise QueryRefused("update-not-offered")
        raise UnsupportedMediaType(
            "query-media-type", given=request.content_type or "-", taken=f"{FORM}, {QUERY}"
        )
    if request.mimetype == FORM:
        parameters.update(_decoded(request.get_data()))
    else:
        text = _as_text(request.get_data(cache=False))
        parameters.add("query", text.removeprefix(_SIGNATURE))
    return parameters


def _decoded(pairs: bytes) -> list[tuple[str, str]]:
    """Return names and values of a form.

    Not Flask's reading of it, which puts U+FFFD in place of what is no UTF-8.
    """
    try:
        return parse_qsl(_as_text(pairs), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise RequestError("query-not-utf8") from error


def _as_text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError("query-not-utf8") from error


def _read(parameters: MultiDict[str, str]) -> _Asked:
    """Return the one query of the request with its dataset and the wanted formats."""
    if "update" in parameters:
        raise QueryRefused("update-not-offered")
    texts = parameters.getlist("query")
    if len(texts) != 1:
        raise RequestError("query-missing" if not texts else "query-twice", count=len(texts))
    default = _graph_list(parameters, "default-graph-uri")
    named = _graph_list(parameters, "named-graph-uri")
    if default is not None or named is not None:
        default, named = default or (), named or ()
    query = PublicQuery(texts[0], (), (), default, named)
    if _wants_page(parameters):
        return _Asked(replace(query, solutions=("json",), graphs=("ttl",)), as_page=True)
    solutions, graphs = _formats(parameters)
    return _Asked(replace(query, solutions=solutions, graphs=graphs), as_page=False)


def _graph_list(parameters: MultiDict[str, str], name: str) -> Sequence[str] | None:
    return tuple(parameters.getlist(name)) if name in parameters else None


def _formats(parameters: MultiDict[str, str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the names of the wanted formats: for rows, and for triples."""
    chosen = _chosen(parameters)
    if chosen:
        if chosen not in _OFFERED:
            raise NotAcceptable("format-unknown", format=chosen, offered=", ".join(_OFFERED))
        graph_format = _ALSO.get(chosen, chosen)
        return (
            (chosen,) if chosen in SOLUTIONS else (),
            (graph_format,) if graph_format in GRAPHS else (),
        )
    accept = request.headers.get("Accept")
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
    entries = (BY_NAME[entry] for entry in _OFFERED)
    by_type = next((entry.name for entry in entries if named in entry.media_types), named)
    return _OTHER_NAMES.get(named, by_type)


def _wants_page(parameters: MultiDict[str, str]) -> bool:
    if chosen := _chosen(parameters):
        return chosen == "html"
    wanted = negotiation.preferences(request.headers.get("Accept"), _OFFERED)
    return wanted[:1] == ("html",)


def _varying(*, page: bool) -> Varying:
    return Varying(by_format=not _chosen(request.args), by_language=page)
