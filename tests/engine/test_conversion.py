import pyoxigraph as ox
import pytest

from kmn_ld.engine import BlankNode, Iri, Literal, Statement
from kmn_ld.engine.conversion import to_oxigraph, to_quad, to_statement, to_term
from kmn_ld.errors import QueryRefused
from kmn_ld.vocab import PREFIXES

TERMS = [
    Iri("https://example.org/a"),
    BlankNode("b"),
    Literal("plain"),
    Literal("deutsch", "de"),
    Literal("نص", "ar--rtl"),
    Literal("x", "en--ltr"),
    Literal("2026-01-02", datatype=PREFIXES["xsd"] + "date"),
]


@pytest.mark.parametrize("term", TERMS, ids=repr)
def test_a_term_comes_back_as_it_went(term):
    assert to_term(to_oxigraph(term)) == term


@pytest.mark.parametrize("graph", [None, Iri("https://example.org/g")])
@pytest.mark.parametrize("subject", TERMS[:2], ids=repr)
def test_a_statement_comes_back_as_it_went(subject, graph: Iri | None):
    statement = Statement(subject, Iri("https://example.org/p"), Literal("x"), graph)
    assert to_statement(to_quad(statement)) == statement


def test_a_literal_with_a_language_has_the_datatype_of_such():
    assert Literal("x", "de").datatype == PREFIXES["rdf"] + "langString"


def test_a_triple_term_is_refused():
    node = ox.NamedNode("https://example.org/a")
    deep = ox.Triple(node, node, ox.Literal("x" * 1000))
    with pytest.raises(QueryRefused, match="term-not-plain") as caught:
        to_statement(ox.Quad(node, node, deep))
    assert len(str(caught.value.details["term"])) < 250
