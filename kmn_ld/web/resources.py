"""Dereferencing: `/id/…` names things, `/doc/…` describes them; ontology, shapes, graphs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Blueprint, Response, g, request, url_for

from kmn_ld import formats
from kmn_ld.describe import describe, describe_graph
from kmn_ld.engine.jsonld import whole_context
from kmn_ld.engine.serialising import serialise
from kmn_ld.engine.terms import Iri, Literal, Statement
from kmn_ld.errors import NotAcceptable, ResourceNotFound
from kmn_ld.queries import load_query
from kmn_ld.vocab import BASE, GRAPH, ONTOLOGY, PREFIXES, SHAPES
from kmn_ld.web import (
    graphs,
    languages,
    links,
    negotiation,
    remains,
    responses,
    things,
    vocabularies,
)
from kmn_ld.web.addresses import address_of, asked_behind, readings
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying
from kmn_ld.web.things import Thing

bp = Blueprint("resources", __name__)

OFFERED = (*formats.DOCUMENT, "html")
_STUB = f"{remains.PARAMETER}={remains.NO}"


@dataclass(frozen=True)
class _Asked:
    """A path without its suffix, the format that is sent, and what decided about it.

    `query` is what the address needs behind the path.
    """

    path: str
    format: str
    varying: Varying
    query: str = ""


@bp.get("/id/<path:path>")
def name(path: str) -> Response:
    """Send who asks for a thing to its description (303, W3C httpRange-14).

    A suffix names no thing of its own; who adds one is sent to the document in that format.
    """
    thing, suffix = _found(path, "/id/")
    if thing.survivor:
        return _to_survivor(".name", thing, suffix)
    if thing.moved:
        return _see(".name", thing.path, suffix, 301)
    if thing.is_gone:
        return _tombstone(thing, suffix)
    return _see(".document", thing.path, suffix, 303)


@bp.get("/doc/<path:path>")
def document(path: str) -> Response:
    """Describe a thing, as the suffix or the Accept header says."""
    thing, suffix = _found(path, "/doc/")
    if thing.survivor and not remains.stays_here():
        return _to_survivor(".document", thing, suffix)
    if thing.moved:
        return _see(".document", thing.path, suffix, 301)
    if thing.is_gone:
        return _tombstone(thing, suffix)
    asked = _negotiate(_document_path(thing), suffix, query=_stub_query(thing))
    if asked.format != "html":
        response = _rdf(remains.statements(thing), asked)
    elif thing.survivor:
        response = remains.page(thing, asked.varying)
    else:
        content = describe(current().engine, thing.iri)
        response = responses.page("resources/document.html", content, varying=asked.varying)
    survivor = f"{BASE}id/{thing.survivor}" if thing.survivor else ""
    return _with_links(response, asked, thing.iri, canonical=survivor)


def _found(path: str, prefix: str) -> tuple[Thing, str]:
    """Return the thing that a path behind a prefix names, and the suffix."""
    bare, suffix = _split(path)
    return things.find(bare, current(), readings(_split(asked_behind(prefix))[0])), suffix


def _see(endpoint: str, path: str, suffix: str, status: int) -> Response:
    """Redirect to another path of things, in the same format and language."""
    moved = address_of(endpoint, path=path + (suffix and f".{suffix}"), lang=None)
    query = _STUB if remains.stays_here() and endpoint == ".document" else ""
    return responses.see(_with_query(moved, query), status)


def _to_survivor(endpoint: str, thing: Thing, suffix: str) -> Response:
    """Lead from a merged thing straight to what it is now (301, and canonical, as GND does)."""
    moved = address_of(endpoint, path=thing.survivor + (suffix and f".{suffix}"), lang=None)
    response = responses.see(_with_query(moved), 301)
    return responses.add_links(response, {f"{BASE}id/{thing.survivor}": 'rel="canonical"'})


def _tombstone(thing: Thing, suffix: str) -> Response:
    g.formats = _alternates(_document_path(thing))
    return remains.tombstone(thing, suffix, g.formats)


def _document_path(thing: Thing) -> str:
    return address_of(".document", path=thing.path, lang=None)


def _stub_query(thing: Thing) -> str:
    return _STUB if thing.survivor else ""


@bp.get("/def", defaults={"suffix": ""})
@bp.get("/def.<suffix>")
def ontology(suffix: str) -> Response:
    """Show the ontology: as a page, its documentation."""
    return _vocabulary("ontology", url_for(".ontology", lang=None), suffix)


@bp.get("/def/<version>")
def ontology_version(version: str) -> Response:
    """Show one version of the ontology; the present one is at hand, older ones are releases."""
    bare, suffix = _split(version)
    _demand_version(ONTOLOGY, bare)
    return _vocabulary("ontology", url_for(".ontology_version", version=bare, lang=None), suffix)


@bp.get("/shapes", defaults={"suffix": ""})
@bp.get("/shapes.<suffix>")
def shapes(suffix: str) -> Response:
    """Show the shapes."""
    return _vocabulary("shapes", url_for(".shapes", lang=None), suffix)


@bp.get("/shapes/<version>")
def shapes_version(version: str) -> Response:
    """Show one version of the shapes; the present one is at hand."""
    bare, suffix = _split(version)
    _demand_version(SHAPES, bare)
    return _vocabulary("shapes", url_for(".shapes_version", version=bare, lang=None), suffix)


@bp.get("/graph/<path:graph_name>")
def graph(graph_name: str) -> Response:
    """Show one named graph."""
    bare, suffix = _split(graph_name)
    names = readings(_split(asked_behind("/graph/"))[0])
    named = next((name for name in names if graphs.overview(current(), GRAPH + name)), bare)
    return _graph(named, address_of(".graph", graph_name=named, lang=None), suffix)


@bp.get("/context.jsonld")
def context() -> Response:
    """Publish the JSON-LD context of our documents."""
    return responses.data(whole_context(PREFIXES, current().short_names), "jsonld")


def _demand_version(iri: str, version: str) -> None:
    """Raise ResourceNotFound unless this is the version that an ontology says it has."""
    engine = current().engine
    named = engine.rows(load_query("versions"), {"ontology": Iri(iri)})
    if Iri(f"{iri}/{version}") not in [row["version"] for row in named]:
        raise ResourceNotFound("version-unknown", version=version)


def _vocabulary(graph_name: str, path: str, suffix: str) -> Response:
    """Show the ontology or the shapes; of a dataset they may be too large for one page."""
    overview = graphs.overview(current(), GRAPH + graph_name)
    if overview is None or overview.triples > vocabularies.MOST_TOLD:
        return _graph(graph_name, path, suffix)
    return _graph(graph_name, path, suffix, page=f"resources/{graph_name}.html")


def _graph(graph_name: str, path: str, suffix: str, *, page: str = "") -> Response:
    """Show a named graph; `page` is the template of the documentation that it has."""
    iri = GRAPH + graph_name
    asked = _negotiate(path, suffix)
    overview = graphs.overview(current(), iri)
    if overview is None:
        raise ResourceNotFound("graph-unknown", name=graph_name)
    if asked.format == "html" and page:
        content = vocabularies.PAGES[graph_name](current())
        response = responses.page(page, content, varying=asked.varying)
    elif asked.format == "html":
        listed = describe_graph(current().engine, iri, overview)
        response = responses.page("resources/graph.html", listed, varying=asked.varying)
    else:
        with _naming_alternates():
            response = graphs.data(current(), iri, overview, asked.format, asked.varying)
    return _with_links(response, asked, iri)


def _split(path: str) -> tuple[str, str]:
    """Cut a file ending off that is one of ours."""
    bare, _, suffix = path.rpartition(".")
    return (bare, suffix) if bare and suffix in negotiation.known_suffixes() else (path, "")


def _negotiate(path: str, suffix: str, query: str = "") -> _Asked:
    g.formats = _alternates(path, query)
    if suffix:
        chosen = negotiation.by_suffix(suffix, OFFERED)
        if chosen is None:
            raise ResourceNotFound("suffix-unknown", suffix=suffix, links=g.formats)
        return _Asked(path, chosen, Varying(by_language=chosen == "html"), query)
    with _naming_alternates():
        chosen = negotiation.choose(request.headers.get("Accept"), OFFERED)
    return _Asked(path, chosen, Varying(by_format=True, by_language=True), query)


@contextmanager
def _naming_alternates() -> Iterator[None]:
    """Let an error about the format say where the other ones are."""
    try:
        yield
    except NotAcceptable as error:
        raise NotAcceptable(error.key, **error.details, links=g.formats) from error


def _alternates(path: str, query: str = "") -> tuple[tuple[str, str], ...]:
    behind = f"?{query}" if query else ""
    return tuple((found + behind, kind) for found, kind in links.alternates(path, OFFERED))


def _rdf(statements: list[Statement], asked: _Asked) -> Response:
    with _naming_alternates():
        names = current().short_names if asked.format == "jsonld" else None
        body = serialise(statements, asked.format, names=names)
    response = responses.data(body, asked.format, varying=asked.varying)
    tags = {entry.object.language for entry in statements if isinstance(entry.object, Literal)}
    return responses.with_languages(response, tags)


def _with_links(response: Response, asked: _Asked, iri: str, canonical: str = "") -> Response:
    """Say what is described, where the other representations are, and under which licence.

    `canonical` is what stands for the thing now, where that is another one.
    """
    location = f"{asked.path}.{formats.BY_NAME[asked.format].suffix}"
    is_page = asked.format == "html"
    behind = f"?{asked.query}" if asked.query else ""
    response.headers["Content-Location"] = (
        _with_query(location, asked.query) if is_page else location + behind
    )
    targets = {
        path: f'rel="{"alternate" if kind == "text/html" else "describedby"}"; type="{kind}"'
        for path, kind in _alternates(asked.path, asked.query)
    }
    is_ontology = iri == GRAPH + "ontology"
    named = {GRAPH + "ontology": ONTOLOGY, GRAPH + "shapes": SHAPES}.get(iri, iri)
    targets[named] = 'rel="cite-as"'
    targets[links.ONTOLOGY_LICENCE if is_ontology else links.DATA_LICENCE] = 'rel="license"'
    targets[canonical or asked.path] = 'rel="canonical"'
    return responses.add_links(response, targets)


def _with_query(path: str, query: str = "") -> str:
    """Keep the language that the URL of the request names, behind what else the URL needs."""
    language = languages.asked_for()
    parts = [query] if query else []
    parts += [f"lang={language}"] if language else []
    return f"{path}?{'&'.join(parts)}" if parts else path
