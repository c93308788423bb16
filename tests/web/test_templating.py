from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import nodes

from kmn_ld.describe import Description, GraphDescription, Property, Value, expand
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.web import templating
from kmn_ld.web.failures import ErrorPage
from kmn_ld.web.home import HomePage
from kmn_ld.web.library.openapi import ApiPage
from kmn_ld.web.library.page import LibraryPage, ListPage
from kmn_ld.web.remains import EndedPage
from kmn_ld.web.results import QueryPage
from kmn_ld.web.search_page import SearchPage
from kmn_ld.web.vocabularies import OntologyPage, ShapesPage

TEMPLATES = Path(templating.__file__).parent / "templates"
PAGES = {
    "pages/home.html": HomePage,
    "resources/document.html": Description,
    "resources/ended.html": EndedPage,
    "resources/graph.html": GraphDescription,
    "resources/ontology.html": OntologyPage,
    "resources/shapes.html": ShapesPage,
    "sparql/query.html": QueryPage,
    "queries/list.html": ListPage,
    "queries/query.html": LibraryPage,
    "queries/api.html": ApiPage,
    "search/results.html": SearchPage,
    "errors/page.html": ErrorPage,
}


def _used(environment, name):
    """Return the names of the attributes of `page` in a template and what it includes."""
    tree = environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    used = {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }
    for node in tree.find_all((nodes.Include, nodes.Extends)):
        used |= _used(environment, node.template.value)
    return used


@pytest.mark.parametrize(("name", "content"), PAGES.items())
def test_a_template_uses_exactly_the_fields_of_its_dataclass(app, name, content):
    used = _used(app.jinja_env, name)
    assert used == {entry.name for entry in fields(content)}


def test_every_page_template_has_its_dataclass():
    found = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.glob("*/*.html")
        if not path.name.startswith("_")
    }
    assert found == set(PAGES)


def test_templates_escape_and_hold_no_styles_scripts_or_queries(app):
    assert app.jinja_env.autoescape("x.html")
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    assert len(texts) > 8
    joined = "\n".join(texts).lower()
    assert "<script" not in joined.replace("<script defer src=", "")
    assert "<style" not in joined
    assert " style=" not in joined
    assert "|safe" not in joined.replace(" ", "")
    assert "select ?" not in joined
    assert "http://" not in joined
    assert "https://" not in joined


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("de", 0, "0\u00a0B"),
        ("de", 1023, "1.023\u00a0B"),
        ("de", 65_536, "64\u00a0KiB"),
        ("de", 1536, "1,5\u00a0KiB"),
        ("en", 1536, "1.5\u00a0KiB"),
        ("de", 12_345, "12\u00a0KiB"),
        ("de", 256 * 2**20, "256\u00a0MiB"),
        ("de", 5 * 2**40, "5.120\u00a0GiB"),
        ("en", 5 * 2**40, "5,120\u00a0GiB"),
    ],
)
def test_sizes_are_told_in_words(app, language, value, text):
    with app.test_request_context(f"/?lang={language}"):
        assert templating.size(value) == text


@pytest.mark.parametrize(("language", "text"), [("de", "1.234.567"), ("en", "1,234,567")])
def test_numbers_have_their_thousands_apart(app, language, text):
    with app.test_request_context(f"/?lang={language}"):
        assert templating.number(1234567) == text


VALUES = (
    Value(Literal("zwei", "de")),
    Value(Literal("bir", "tr")),
    Value(Literal("one", "en")),
    Value(Literal("eins", "de")),
    Value(Iri("https://example.org/x"), (Literal("drei", "de"),)),
)


def _shown(app, language, short, values):
    with app.test_request_context(f"/?lang={language}"):
        chosen = templating.shown(Property(expand(short), (), values))
    return [value.term.value for value in chosen]


def test_values_come_in_the_readers_language_without_those_of_the_twin_page(app):
    german = ["https://example.org/x", "eins", "zwei", "bir"]
    assert _shown(app, "de", "skos:note", VALUES) == german
    assert _shown(app, "en", "skos:note", VALUES) == ["https://example.org/x", "one", "bir"]


def test_other_names_and_what_nobody_translated_are_told_in_every_language(app):
    assert "one" in _shown(app, "de", "skos:altLabel", VALUES)
    assert _shown(app, "en", "skos:note", VALUES[:2]) == ["bir", "zwei"]


def test_an_asset_has_another_address_when_it_changes(app):
    with app.test_request_context("/?lang=en"):
        path = templating.asset("style.css")
    assert path.startswith("/static/style.css?v=")
    assert "lang" not in path
