"""The three ways through the shapes find the same: whole, large, and what a change affects."""

from itertools import chain
from pathlib import Path

import pytest

from kmn_ld import releases, sources
from kmn_ld.build.sorting import write_sorted
from kmn_ld.engine import TrustedStore, load_store
from kmn_ld.engine.parsing import in_graph
from kmn_ld.sources import SourceFile
from kmn_ld.validation.findings import ordered
from kmn_ld.validation.reading import Reading, read, read_alone
from kmn_ld.validation.shacl import graph_of, validate_graph
from kmn_ld.validation.shapes import Shapes
from kmn_ld.vocab import BASE, GRAPH, PREFIXES

ROOT = Path(__file__).parents[2]
ORG, UMBRELLA = f"{BASE}id/org/k5c87486", f"{BASE}id/org/kh09bq24"
SHAPES = GRAPH + "shapes"


def term(name):
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def line(subject, predicate, value):
    return f"<{subject}> {term(predicate)} {value} ."


def concept(path):
    return f"<{BASE}id/concept/{path}>"


class Data:
    """Lines per graph that a case may change."""

    def __init__(self, graphs):
        self.graphs = {graph: list(lines) for graph, lines in graphs.items()}

    def add(self, *lines, graph="organisations"):
        self.graphs[GRAPH + graph] += lines

    def remove(self, *parts):
        """Leave out the lines that begin with the first part and hold the others."""
        for lines in self.graphs.values():
            lines[:] = [one for one in lines if not _is_meant(one, parts)]

    def change(self, parts, old, new):
        for lines in self.graphs.values():
            lines[:] = [one.replace(old, new) if _is_meant(one, parts) else one for one in lines]


def _is_meant(one, parts):
    return one.startswith(parts[0]) and all(part in one for part in parts)


def _bad_value(data):
    data.change([f"<{ORG}>", "prefLabel"], "@de", "@fr")


def _bad_part(data):
    data.add(line(f"{ORG}#address", "locn:postCode", '"3"'))


def _no_name(data):
    data.remove(f"<{ORG}> ", "prefLabel")


def _no_record(data):
    data.remove(f"<{UMBRELLA}> ")


def _no_type(data):
    data.remove(f"<{UMBRELLA}> ", "rdf-syntax-ns#type")


def _no_source(data):
    data.remove(f"<{BASE}id/source/punkt-linden-kargah> ")


def _no_type_of_a_source(data):
    data.remove(f"<{BASE}id/source/punkt-linden-kargah> ", "rdf-syntax-ns#type")


def _link_to_nowhere(data):
    data.add(line(ORG, "kmn:inPillar", concept("pillar/nowhere")))


def _no_member_of_a_list(data):
    data.remove(f"{concept('kind/counselling-centre')} ", "inScheme")


def _second_coordinator(data):
    membership = f"{ORG}#membership"
    data.add(
        line(ORG, "org:hasMembership", f"<{membership}>"),
        line(membership, "org:role", concept("role/zentrale-koordinierung")),
        line(membership, "org:organization", f"<{BASE}id/network>"),
    )


def _same_identifier(data):
    data.change([f"<{UMBRELLA}> ", "identifier"], '"kh09bq24"', '"k5c87486"')


def _property_that_a_closed_shape_has_not(data):
    part = f"{ORG}#contact"
    data.add(
        line(ORG, "cv:contactPoint", f"<{part}>"),
        line(part, "rdf:type", term("cv:ContactPoint")),
        line(part, "foaf:age", '"7"'),
    )


def _new_target(data):
    data.add(line(ORG, "cv:openingHours", f"<{BASE}id/district/03241>"))


def _nothing_bad(data):
    data.add(line(ORG, "skos:altLabel", '"kargah"@de'))


CASES = [
    _bad_value, _bad_part, _no_name, _no_record, _no_type, _no_source, _no_type_of_a_source,
    _link_to_nowhere, _no_member_of_a_list, _second_coordinator, _same_identifier,
    _property_that_a_closed_shape_has_not, _new_target, _nothing_bad,
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    return read(list(sources.find(ROOT)), ROOT, lambda file: False).graphs


@pytest.fixture(scope="module")
def released(shipped, tmp_path_factory):
    """Return the content of a release of the shipped sources, and what was found in it."""
    folder = tmp_path_factory.mktemp("released")
    store, shapes, content = prepared(Data(shipped), folder)
    return content, shapes.check(store)


def prepared(data, folder):
    content, default = folder / releases.CONTENT, folder / releases.DEFAULT
    graphs = data.graphs
    write_sorted((in_graph(one, graph) for graph in graphs for one in graphs[graph]), content)
    write_sorted(chain(*(graphs[graph] for graph in graphs if graph != SHAPES)), default)
    store = TrustedStore(load_store([(content, "nq"), (default, "nt")]))
    return store, Shapes(Reading(graphs=graphs)), content


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__.strip("_"))
def test_a_change_is_judged_the_same_whole_and_large(shipped, released, tmp_path, change):
    data = Data(shipped)
    change(data)
    store, shapes, content = prepared(data, tmp_path)
    before, known = released
    whole = ordered(shapes.check(store))
    assert ordered(shapes.check_large(store, content, before)) == whole
    fresh = [finding for finding in whole if finding not in known]
    assert bool(fresh) is (change is not _nothing_bad)
    core = [finding for finding in fresh if "SPARQL" not in finding.component]
    seen = shapes.check_changed(content, before)
    assert [finding for finding in core if finding not in seen] == []
    assert [finding for finding in seen if finding not in whole] == []


def test_a_change_of_shapes_is_judged_by_the_store_alone(shipped, released, tmp_path):
    data = Data(shipped)
    data.remove(f"<{BASE}shapes#Address-postName> ", "shacl#maxCount")
    store, shapes, content = prepared(data, tmp_path)
    assert shapes.check_changed(content, released[0]) == []
    whole = ordered(shapes.check(store))
    assert ordered(shapes.check_large(store, content, released[0])) == whole


def test_pyshacl_alone_finds_what_both_ways_find_together(shipped, tmp_path):
    data = Data(shipped)
    for change in CASES:
        change(data)
    store, shapes, _ = prepared(data, tmp_path)
    lines = chain(*(lines for graph, lines in data.graphs.items() if graph != SHAPES))
    alone = validate_graph(graph_of(lines), graph_of(data.graphs[SHAPES]))
    assert len(alone) > 30
    assert ordered(shapes.check(store)) == ordered(alone)


def test_a_draft_counts_as_changed(shipped, released, tmp_path):
    store, shapes, content = prepared(Data(shipped), tmp_path)
    draft = f"{BASE}id/org/k7x2qf96"
    lines = [line(draft, "rdf:type", term("org:FormalOrganization"))]
    shapes = Shapes(Reading(graphs=shipped, drafts={GRAPH + "organisations": lines}))
    found = shapes.check_changed(content, released[0])
    assert {finding.focus for finding in found} == {draft}
    assert [finding for finding in found if finding not in shapes.check(store)] == []


def _example(folder, name, text):
    path = folder / f"{name}.ttl"
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    path.write_text(head + text, encoding="utf-8")
    return read_alone(SourceFile(path, path.name, "", ""), folder)


def test_examples_are_checked_among_the_data_without_staying_there(shipped, tmp_path):
    store, shapes, _ = prepared(Data(shipped), tmp_path)
    other = f"<{BASE}id/org/k7x2qf96> a org:FormalOrganization .\n"
    examples = [
        _example(tmp_path, "a", other),
        _example(tmp_path, "b", f"<{BASE}id/org/k7x2qf96> kmn:inPillar <{BASE}id/network> ."),
        _example(tmp_path, "c", other + f"<{BASE}id/org/k7x2qf96> dcterms:identifier 1 ."),
    ]
    found = list(shapes.check_examples(store, examples, tmp_path))
    assert {finding.path for finding in found} == {"a.ttl", "c.ttl"}
    assert {finding.focus for finding in found} == {f"{BASE}id/org/k7x2qf96"}
    assert any(finding.value == f"{BASE}id/network" for finding in found)
    assert list(shapes.check_examples(store, [], tmp_path)) == []
    assert store.statements_about(f"{BASE}id/org/k7x2qf96") == []
