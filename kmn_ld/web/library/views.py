"""Serves the query library: list, pages, results in every format, descriptions in RDF."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request, url_for

from kmn_ld.engine.interface import PublicAnswer, PublicQuery
from kmn_ld.engine.serialising import serialise
from kmn_ld.errors import NotAcceptable, RequestError, ResourceNotFound, ResultTooLarge
from kmn_ld.formats import BY_NAME, DOCUMENT
from kmn_ld.messages import explain
from kmn_ld.queries import LibraryQuery
from kmn_ld.queries.library import RESERVED
from kmn_ld.web import answers, examples, languages, links, negotiation, responses
from kmn_ld.web.library import page, rows, values
from kmn_ld.web.library.geojson import write_geojson
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying

bp = Blueprint("query_library", __name__)

JSON = "application/json"


@dataclass(frozen=True)
class _ResultRequest:
    """A query, the format that is sent, what decided about it, and the values it is asked with."""

    query: LibraryQuery
    format: str
    varying: Varying
    values: values.GivenValues


@bp.get("/queries", defaults={"suffix": ""})
@bp.get("/queries.<suffix>")
@bp.get("/releases/<release>/queries", defaults={"suffix": ""})  # see `archive`
@bp.get("/releases/<release>/queries.<suffix>")
def library(suffix: str) -> Response:
    """List the library: as a page, or in JSON."""
    offered = ("html", "json")
    if suffix and suffix not in offered:
        raise ResourceNotFound("suffix-unknown", suffix=suffix, links=_list_formats())
    varying = Varying(by_format=not suffix, by_language=True)
    chosen = suffix or negotiation.choose(request.headers.get("Accept"), offered)
    if chosen == "html":
        content = page.list_page(current())
        return responses.page("queries/list.html", content, varying=varying)
    entries = [page.entry(query) for query in examples.library(current().release)]
    body = json.dumps({"queries": entries}, ensure_ascii=False).encode()
    response = responses.raw(body, JSON)
    if not suffix:
        response.headers["Vary"] = "Accept"
    return response


@bp.get("/queries/<name>")
@bp.get("/releases/<release>/queries/<name>")
def query(name: str) -> Response:
    """Run a query of the library, or describe it, as suffix or Accept header say."""
    asked = _read(name)
    if asked.values.faults:
        return _refused(asked)
    if asked.format in DOCUMENT and not asked.query.is_graph:
        return _with_links(_description(asked), asked)
    answer = _answer(asked)
    kept = answers.age(answer, request.method)
    if asked.format == "html":
        content = page.library_page(asked.query, asked.values, answer, current())
        response = responses.page("queries/query.html", content, varying=asked.varying, kept=kept)
    elif asked.format == "geojson":
        response = _geojson(asked, answer, kept)
    else:
        response = answers.send(answer, asked.varying, kept)
    return _with_links(response, asked)


def offered(query: LibraryQuery) -> tuple[str, ...]:
    """Return the formats of a query's address: page, results, descriptions of itself."""
    described = () if query.is_graph else DOCUMENT
    return ("html", *sorted(page.formats_of(query), key=_FIRST.index), *described)


_FIRST = ("json", "xml", "csv", "tsv", "geojson", "ttl", "nt", "jsonld", "rdf")
"""Formats in the order of preference where a client names several alike."""


def _read(name: str) -> _ResultRequest:
    bare, _, suffix = name.rpartition(".")
    if not bare:
        bare, suffix = name, ""
    query = examples.find_query(current().release, bare)
    formats = offered(query)
    g.formats = _alternatives(bare, formats)
    chosen = _chosen(bare, suffix, formats)
    is_named = bool(suffix or request.args.get("format"))
    varying = Varying(by_format=not is_named, by_language=chosen == "html" or not is_named)
    reserved = RESERVED if chosen == "html" else ("format",)  # data is the same in every language
    asked = values.read(query, request.args, current().engine, reserved)
    return _ResultRequest(query, chosen, varying, asked)


def _alternatives(name: str, formats: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return path and media type of each format, with what was given, unless that is too long."""
    given = [entry for entry in request.args.items(multi=True) if entry[0] not in RESERVED]
    values = f"?{urlencode(given)}" if given else ""
    kept = values if len(values) * len(formats) <= links.LONGEST_PERMALINK else ""
    found = links.alternates(url_for(".query", name=name, lang=None), formats)
    return tuple((path + kept, kind) for path, kind in found)


def _refused(asked: _ResultRequest) -> Response:
    """Answer an address with faults: people get the form with each at its field.

    Raises RequestError for programs.
    """
    faults = asked.values.faults
    if asked.format == "html":
        content = page.refused_page(asked.query, asked.values, current())
        response = responses.page(
            "queries/query.html", content, varying=asked.varying, kept=responses.NOT_KEPT
        )
        response.status_code = RequestError.status
        return response
    if len(faults) == 1:
        raise faults[0]
    told = [explain(fault, languages.current())[1] for fault in faults]
    names = [fault.details["name"] for fault in faults]
    raise RequestError("library-faults", told=" ".join(told), names=names, faults=told)


def _chosen(name: str, suffix: str, formats: tuple[str, ...]) -> str:
    if suffix:
        chosen = negotiation.by_suffix(suffix, formats)
        if chosen is None:
            known = ", ".join(f".{BY_NAME[one].suffix}" for one in formats)
            details = {"name": name, "suffix": suffix, "known": known, "links": g.formats}
            raise ResourceNotFound("library-suffix", **details)
        return chosen
    if named := request.args.get("format"):
        if named not in formats:
            offered = ", ".join(formats)
            raise NotAcceptable("format-unknown", format=named, offered=offered, links=g.formats)
        return named
    try:
        return negotiation.choose(request.headers.get("Accept"), formats)
    except NotAcceptable as error:
        raise NotAcceptable(error.key, **error.details, links=g.formats) from error


def _answer(asked: _ResultRequest) -> PublicAnswer:
    """Have the query evaluated where everybody's are, within the same limits."""
    wanted = {"html": "ttl" if asked.query.is_graph else "json", "geojson": "json"}
    name = wanted.get(asked.format, asked.format)
    wish = PublicQuery(asked.query.text, (), (), bindings=asked.values.bindings)
    wish = (
        replace(wish, graphs=(name,)) if asked.query.is_graph else replace(wish, solutions=(name,))
    )
    return current().engine.answer(wish, request.remote_addr or "")


def _geojson(asked: _ResultRequest, answer: PublicAnswer, kept: str) -> Response:
    length = answer.length
    body = rows.body_of(answer)
    if body is None:
        raise ResultTooLarge("library-large", length=length, limit=rows.MOST_READ)
    named = [text.value for entry in current().attributions for text in entry.texts]
    credits = {
        "licenses": list(_licences()),
        "attributions": [languages.text("site.own_attribution"), *named],
    }
    written = write_geojson(asked.query.columns, rows.rows_of(body), credits)
    return responses.data(written, "geojson", varying=asked.varying, kept=kept)


def _description(asked: _ResultRequest) -> Response:
    """Describe the query itself: the IRI names it, not its result."""
    statements = current().engine.statements_about(asked.query.iri)
    if not statements:
        raise ResourceNotFound("library-undescribed", name=asked.query.name)
    names = current().short_names if asked.format == "jsonld" else None
    body = serialise(statements, asked.format, names=names)
    return responses.data(body, asked.format, varying=asked.varying)


def _with_links(response: Response, asked: _ResultRequest) -> Response:
    """Say where the other formats are, with the same values, and what describes the query."""
    query = asked.query
    targets = {path: _relation(name, "alternate") for name, path in _results(asked)}
    for name in [] if query.is_graph else DOCUMENT:
        path = page.address(query, name, values.NOTHING)
        targets[path] = _relation(name, "describedby")
    is_result = query.is_graph or asked.format not in DOCUMENT
    lasting = page.lasting(query, asked.values, current()) if is_result and _results(asked) else ""
    targets[lasting or query.iri] = 'rel="cite-as"'
    for licence in _licences():
        targets[licence] = 'rel="license"'
    return responses.add_links(response, targets)


def _licences() -> Iterable[str]:
    """Return our licence, then those of sources that demand an attribution, each once."""
    entries = current().attributions
    others = [entry.licence.term.value for entry in entries if entry.licence]
    return dict.fromkeys((links.DATA_LICENCE, *others))


def _results(asked: _ResultRequest) -> list[tuple[str, str]]:
    """Return (format, path) of a result, none where the values make them too long for a header."""
    query = asked.query
    names = [name for name in offered(query) if query.is_graph or name not in DOCUMENT]
    found = [(name, page.address(query, name, asked.values)) for name in names]
    return found if sum(len(path) for _, path in found) <= links.LONGEST_PERMALINK else []


def _relation(format_name: str, relation: str) -> str:
    return f'rel="{relation}"; type="{BY_NAME[format_name].media_types[0]}"'


def _list_formats() -> tuple[tuple[str, str], ...]:
    return ((url_for(".library"), "text/html"), (url_for(".library", suffix="json"), JSON))
