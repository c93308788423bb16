"""Every Turtle file of the repository: two parsers agree on it, and it is in the house layout."""

from collections import Counter

import pyoxigraph as ox
from rdflib import Graph, Literal
from rdflib.compare import isomorphic

from kmn_ld import sources, turtle
from tests.build.conftest import REPOSITORY

FILES = sorted(
    [*sources.turtle_files(REPOSITORY), *(REPOSITORY / "tests" / "shapes").rglob("*.ttl")]
)


def _name(path):
    return path.relative_to(REPOSITORY).as_posix()


def test_there_are_files_of_each_kind():
    folders = {_name(path).split("/")[0] for path in FILES}
    assert folders == {"data", "ontology", "shapes", "tests"}
    assert len(FILES) > 500


def test_both_parsers_read_the_same():
    """Style guide S13.5; Oxigraph's triples come to rdflib as N-Triples."""
    differing = []
    for path in FILES:
        data = path.read_bytes()
        triples = (quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE))
        other = Graph().parse(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
        if not isomorphic(Graph().parse(data, format="turtle"), other):
            differing.append(_name(path))
    assert differing == []


def test_formatting_changes_nothing():
    texts = {path: turtle.read_text(path) for path in FILES}
    assert [_name(p) for p, text in texts.items() if turtle.format_text(text, p) != text] == []


def test_one_changed_fact_is_one_changed_line():
    """Style guide S1.7: another value, and no other line is touched."""
    changes = {}
    for path in FILES[::20]:
        text = turtle.read_text(path)
        graph = turtle.parse(text, path)
        facts = [fact for fact in graph if isinstance(fact[2], Literal) and "\n" not in fact[2]]
        single = [fact for fact in facts if len(list(graph.objects(*fact[:2]))) == 1]
        for subject, predicate, value in sorted(single)[:1]:
            graph.remove((subject, predicate, value))
            graph.add((subject, predicate, Literal("other")))
            before, after = (Counter(t.splitlines()) for t in (text, turtle.write(graph)))
            changes[_name(path)] = ((after - before).total(), (before - after).total())
    assert len(changes) > 20
    assert {name for name, change in changes.items() if change != (1, 1)} == set()
