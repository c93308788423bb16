import pytest
from rdflib import Graph

from kmn_ld.validation.changes import (
    Reach,
    affected_nodes,
    changed_quads,
    lines_around,
    reach_of,
    terms,
)

HEAD = "PREFIX e: <https://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
CHAIN = ["<a:1> <p:p> <a:2> .", "<a:2> <p:p> <a:3> .", '<a:3> <p:q> "x y" .']
FORWARD, FAR, BOTH = (
    Reach(1, True, frozenset()),
    Reach(2, True, frozenset()),
    Reach(1, False, frozenset({"<p:p>"})),
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("e:p", FORWARD),
        ("( e:p e:q )", FAR),
        ("[ sh:inversePath e:p ]", Reach(1, False, frozenset())),
        ("( e:p [ sh:inversePath ( e:q e:r ) ] )", Reach(3, False, frozenset())),
    ],
)
def test_shapes_look_as_far_as_their_longest_path(path, expected):
    text = f"{HEAD}e:P sh:path {path} . e:Q sh:path e:p ."
    assert reach_of(Graph().parse(data=text, format="turtle")) == expected


def test_predicates_whose_objects_are_targets_are_known():
    text = f"{HEAD}e:S sh:targetObjectsOf e:p ."
    reach = reach_of(Graph().parse(data=text, format="turtle"))
    assert reach == Reach(1, True, frozenset({"<https://example.org/p>"}))


def test_a_line_of_one_file_alone_is_changed(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    before.write_text("a\nb \u2028 c\nd\n", "utf-8")
    after.write_text("b \u2028 c\nd\ne\n", "utf-8")
    assert list(changed_quads(before, after)) == ["a", "e"]
    assert list(changed_quads(after, after)) == []


@pytest.mark.parametrize(
    ("changed", "reach", "expected"),
    [
        ('<a:2> <p:r> "x"', FORWARD, {"<a:2>"}),
        (f"<a:2> {TYPE} <c:c>", FORWARD, {"<a:1>", "<a:2>", "<c:c>"}),
        ('<a:3> <p:r> "x"', FAR, {"<a:2>", "<a:3>"}),
        (f"<a:3> {TYPE} <c:c>", FAR, {"<a:1>", "<a:2>", "<a:3>", "<c:c>"}),
        (f"<a:2> {TYPE} <c:c>", BOTH, {"<a:1>", "<a:2>", "<a:3>", "<c:c>"}),
    ],
)
def test_a_change_affects_what_sees_it(changed, reach, expected):
    assert affected_nodes([f"{changed} ."], CHAIN, reach) == expected


@pytest.mark.parametrize(
    ("node", "reach", "expected"),
    [
        ("<a:1>", FORWARD, CHAIN[:2]),
        ("<a:1>", FAR, CHAIN),
        ("<a:3>", FORWARD, CHAIN[2:]),
        ("<a:3>", Reach(1, True, frozenset({"<p:p>"})), CHAIN[1:]),
        ("<a:3>", BOTH, CHAIN[1:]),
    ],
)
def test_a_node_is_judged_with_what_its_paths_see(node, reach, expected):
    assert list(lines_around({node}, CHAIN, reach)) == expected


def test_a_line_has_three_terms():
    assert terms('<a:1> <p:p> "a > b ."@de .') == ("<a:1>", "<p:p>", '"a > b ."@de')
