"""Walks every IRI of a release of the shipped sources: page and RDF formats must agree."""

import html
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from kmn_ld.build.progress import Silent
from kmn_ld.build.releasing import build_release
from kmn_ld.config import Settings
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.formats import BY_NAME, DOCUMENT
from kmn_ld.iris import document_of
from kmn_ld.messages import LANGUAGES
from kmn_ld.releases import CONTENT
from kmn_ld.vocab import BASE
from kmn_ld.web import create_app
from tests.build.conftest import REPOSITORY

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own
_TAGS = re.compile(r"<[^>]*>")
_MACHINE_FORMS = re.compile(r'<(?:time datetime|data value)="([^"]*)"')
_PARSED = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Return a release of the shipped sources."""
    folder = tmp_path_factory.mktemp("shipped")
    settings = Settings(sources=REPOSITORY, releases=folder)
    return build_release(settings, Silent()).release


@pytest.fixture(scope="module")
def visitor(shipped):
    """Return a client of an application over it."""
    engine = TrustedStore(open_store(shipped, 10**9))
    settings = Settings(releases=shipped.folder.parent)
    return create_app(settings, engine=engine).test_client()


def _content(release):
    data = release.path(CONTENT).read_bytes()
    return list(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def _iris(release, below):
    subjects = {quad.subject.value for quad in _content(release)}
    return sorted({document_of(iri) for iri in subjects if iri.startswith(BASE + below)})


def _canonical(response, name):
    file = response.headers.get("X-Sendfile")
    data = Path(file).read_bytes() if file else response.data
    triples = (ox.Quad(*quad.triple) for quad in ox.parse(data, format=_PARSED[name]))
    dataset = ox.Dataset(triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def _visit(visitor, path):
    """Return what is wrong with a path: what differs between its formats and its page."""
    turtle = visitor.get(f"{path}.ttl")
    expected = _canonical(turtle, "ttl")
    faults = [] if turtle.status_code == 200 and expected else [(path, "ttl")]
    for name in DOCUMENT:
        response = visitor.get(f"{path}.{BY_NAME[name].suffix}")
        if response.status_code != 200 or _canonical(response, name) != expected:
            faults.append((path, name))
    pages = [visitor.get(f"{path}.html?lang={language}") for language in LANGUAGES]
    faults += [(path, "html") for page in pages if page.status_code != 200]
    told = [_told(page.text) for page in pages]
    return faults + [
        (path, "html", quad.object.value)
        for quad in ox.parse(turtle.data, format=ox.RdfFormat.TURTLE)
        if isinstance(quad.object, ox.Literal)
        and not any(" ".join(quad.object.value.casefold().split()) in text for text in told)
    ]


def _told(page):
    """Return the text of a page, and the machine's form of its dates and numbers.

    German and English page together tell everything; each leaves out what the other translates.
    """
    text = html.unescape(_TAGS.sub(" ", page))
    return " ".join([*text.split(), *_MACHINE_FORMS.findall(page)]).casefold()


def test_every_thing_answers_in_html_and_five_rdf_formats_that_agree(visitor, shipped):
    things = _iris(shipped, "id/")
    assert len(things) > 200
    faults = [fault for iri in things for fault in _visit(visitor, f"/doc/{iri[len(BASE) + 3 :]}")]
    assert faults == []


def test_another_reader_gets_the_triples_of_json_ld_under_short_names(visitor, shipped):
    things = _iris(shipped, "id/")[::7]
    assert len(things) > 50
    paths = [f"/doc/{iri[len(BASE) + 3 :]}" for iri in things]
    documents = {path: visitor.get(f"{path}.jsonld").data for path in paths}
    assert sum(b'"prefLabel":{"' in document for document in documents.values()) > 10
    faults = [
        path
        for path, document in documents.items()
        if not isomorphic(
            Graph().parse(data=document, format="json-ld"),
            Graph().parse(data=visitor.get(f"{path}.nt").data, format="nt"),
        )
    ]
    assert faults == []


def test_every_thing_is_led_to_its_description(visitor, shipped):
    answers = {
        iri: visitor.get(iri.removeprefix(BASE[:-1])).headers.get("Location")
        for iri in _iris(shipped, "id/")
    }
    assert len(answers) > 200
    assert answers == {iri: f"/doc/{iri[len(BASE) + 3 :]}" for iri in answers}


def test_every_named_graph_answers_and_agrees(visitor, shipped):
    graphs = sorted(shipped.manifest.graphs)
    assert len(graphs) > 4
    faults = [fault for iri in graphs for fault in _agree(visitor, iri.removeprefix(BASE[:-1]))]
    assert faults == []


def _agree(visitor, path):
    expected = _canonical(visitor.get(f"{path}.nt"), "nt")
    wrong = [
        (path, name)
        for name in DOCUMENT
        if _canonical(visitor.get(f"{path}.{BY_NAME[name].suffix}"), name) != expected
    ]
    return wrong if visitor.get(f"{path}.html").status_code == 200 else [*wrong, (path, "html")]


def test_every_link_of_every_page_leads_somewhere(visitor, shipped):
    documents = [f"/doc/{iri[len(BASE) + 3 :]}.html" for iri in _iris(shipped, "id/")]
    pages = ["/", "/def.html", "/shapes.html", *documents]
    links = {
        html.unescape(link).partition("#")[0]
        for page in pages
        for link in re.findall(r'href="(/[^"]*)"', visitor.get(page).text)
    }
    assert len(links) > 500
    broken = {
        link: status
        for link in links
        if not link.startswith(("/sparql?", "/queries/"))  # they need workers: own tests
        for status in [visitor.get(link, headers={"Accept": "text/html"}).status_code]
        if status >= 400
    }
    assert broken == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_and_rule_has_its_anchor_once_and_every_link_to_one_finds_it(visitor, language):
    pages = {path: visitor.get(f"{path}.html?lang={language}").text for path in ("/def", "/shapes")}
    anchors = {path: re.findall(r'\bid="([^"]+)"', page) for path, page in pages.items()}
    links = re.findall(r'href="(/def|/shapes)(?:\?lang=..)?#([^"]+)"', "".join(pages.values()))
    assert len(links) > 200
    assert sorted({link for link in links if link[1] not in anchors[link[0]]}) == []
    assert {path: len(ids) - len(set(ids)) for path, ids in anchors.items()} == {
        "/def": 0,
        "/shapes": 0,
    }


def test_every_term_of_the_ontology_and_every_shape_stands_on_its_page(visitor, shipped):
    content = _content(shipped)
    for path, label in (("/def", "label"), ("/shapes", "name")):
        told = set(re.findall(r'\bid="([^"]+)"', visitor.get(f"{path}.html").text))
        named = {
            quad.subject.value.partition("#")[2]
            for quad in content
            if quad.subject.value.startswith(f"{BASE[:-1]}{path}#")
            and re.split("[/#]", quad.predicate.value)[-1] == label
        }
        assert len(named) > 50
        assert named - told == set()
