from kmn_ld.describe import overview as module
from kmn_ld.describe.overview import Counting, GraphOverview, overview_of
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement
from kmn_ld.vocab import PREFIXES

EX, TYPE = "https://example.org/", PREFIXES["rdf"] + "type"


def counted(sizes):
    """Return the overview of a graph with so many things of each type."""
    counting = Counting()
    for kind, size in sizes.items():
        for number in range(size):
            counting.add(f"{EX}{kind}{number:03}", TYPE, EX + kind, "")
    return counting.overview({})


def test_every_thing_is_listed_as_long_as_the_list_has_room(monkeypatch):
    monkeypatch.setattr(module, "MOST_LISTED", 5)
    assert [len(entry.members) for entry in counted({"a": 2, "b": 3}).types] == [2, 3]


def test_small_types_are_listed_whole_and_large_ones_share_the_rest(monkeypatch):
    monkeypatch.setattr(module, "MOST_LISTED", 10)
    found = counted({"a": 100, "b": 2, "c": 50}).types
    assert [(entry.count, len(entry.members)) for entry in found] == [(100, 4), (2, 2), (50, 4)]
    assert found[0].members[0] == f"{EX}a000"


def test_types_are_counted_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(module, "_MOST_TYPES", 2)
    assert [entry.type for entry in counted({"a": 1, "b": 1, "c": 1}).types] == [EX + "a", EX + "b"]


def test_an_overview_comes_back_as_it_was_written():
    found = counted({"a": 3})
    assert GraphOverview.from_json(found.to_json()) == found


def test_statements_are_counted_by_their_terms():
    said = [
        Statement(Iri(EX + "a"), Iri(TYPE), Iri(EX + "Kind")),
        Statement(BlankNode("b"), Iri(TYPE), Iri(EX + "Kind")),
        Statement(Iri(EX + "a"), Iri(EX + "p"), Literal("x", "de")),
    ]
    found = overview_of(said)
    assert (found.triples, found.languages) == (3, ("de",))
    assert [(entry.count, entry.members) for entry in found.types] == [(1, (EX + "a",))]
