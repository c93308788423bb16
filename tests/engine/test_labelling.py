import itertools

import pyoxigraph as ox
import pytest

from kmn_ld.engine.labelling import labelled_anew
from tests.engine.nasty import GRAPHS

A, P, Q = (ox.NamedNode(f"https://example.org/{name}") for name in "apq")


def quad(subject, predicate, value):
    terms = [ox.BlankNode(term) if isinstance(term, str) else term for term in (subject, value)]
    return ox.Quad(terms[0], predicate, terms[1])


def canonical(quads):
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.mark.parametrize("triples", GRAPHS.values(), ids=list(GRAPHS))
def test_the_graph_stays_what_it_is(triples):
    quads = [ox.Quad(*triple) for triple in triples]
    assert canonical(labelled_anew(quads)) == canonical(quads)


@pytest.mark.parametrize("names", list(itertools.permutations(["x", "y", "z"])))
def test_labels_and_order_do_not_matter_where_anything_tells_nodes_apart(names):
    one, two, three = names
    quads = [
        quad(A, P, one),
        quad(A, P, two),
        quad(A, Q, two),
        quad(one, P, ox.Literal("1")),
        quad(two, P, ox.Literal("2")),
        quad(two, Q, three),
        quad(three, P, one),
    ]
    known = {("b0", "1"), ("b1", "2"), ("b1", "b2"), ("b2", "b0")}
    for ordered in (quads, quads[::-1]):
        found = {(entry.subject.value, entry.object.value) for entry in labelled_anew(ordered)}
        assert {pair for pair in found if pair[0] != A.value} == known


def test_a_long_chain_takes_no_time_and_no_depth():
    chain = [quad(A, P, "n0"), *(quad(f"n{i}", P, f"n{i + 1}") for i in range(20_000))]
    assert [q.object.value for q in labelled_anew(chain)] == [f"b{i}" for i in range(20_001)]


def test_nodes_that_nothing_points_at_and_circles_are_labelled_too():
    quads = [quad("x", P, "y"), quad("y", P, "x"), quad("z", Q, A)]
    labels = {term.value for q in labelled_anew(quads) for term in (q.subject, q.object)}
    assert labels == {"b0", "b1", "b2", A.value}
