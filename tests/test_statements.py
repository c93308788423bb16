from itertools import pairwise

from kmn_ld.describe.names import expand
from kmn_ld.describe.statements import Statements
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement

A, B = BlankNode("a"), BlankNode("b")


def _list(*triples):
    return Statements(Statement(one, Iri(expand(by)), value) for one, by, value in triples)


def test_a_list_that_bites_its_tail_ends_there():
    said = _list(
        (A, "rdf:first", Literal("1")),
        (A, "rdf:rest", B),
        (B, "rdf:first", Literal("2")),
        (B, "rdf:rest", A),
    )
    assert [item.value for item in said.items(A)] == ["1", "2"]


def test_a_list_of_any_length_is_told_to_its_end():
    nodes = [BlankNode(f"n{number}") for number in range(81)]
    triples = [(node, "rdf:first", Literal("x")) for node in nodes[:80]]
    triples += [(node, "rdf:rest", after) for node, after in pairwise(nodes)]
    assert len(list(_list(*triples).items(nodes[0]))) == 80


def test_what_is_no_list_has_no_items_and_what_is_unknown_no_values():
    said = _list((A, "skos:note", Literal("1")), (A, "skos:note", Literal("1")))
    assert list(said.items(A)) == []
    assert said.values(A, "skos:note") == [Literal("1")]
    assert said.first(Literal("1"), "skos:note") is None
