import hashlib

import pyoxigraph as ox
import pytest

from kmn_ld import releases
from kmn_ld.build import graphs
from kmn_ld.build.graphs import write_graphs
from kmn_ld.describe.overview import GraphOverview
from kmn_ld.formats import BY_NAME, DOCUMENT
from kmn_ld.vocab import BASE, GRAPH, PREFIXES

TYPE = f"<{PREFIXES['rdf']}type>"
ONE, ODD = f"{GRAPH}one", f"{GRAPH}Ä%20/b"
QUADS = [
    f"<{BASE}id/org/a> {TYPE} <https://example.org/Kind> <{ONE}> .",
    f"<{BASE}id/org/a#part> {TYPE} <https://example.org/Part> <{ONE}> .",
    f'<{BASE}id/org/b> <https://example.org/p> "a\\rb <{ONE}>"@de-AT <{ONE}> .',
    f"<{BASE}id/org/b> {TYPE} <https://example.org/Kind> <{ONE}> .",
    f"_:x <https://example.org/p> <{ONE}> .",
    f"_:x <https://example.org/p> _:y <{ODD}> .",
    "<a:a> <a:b> <a:c> <a:g> .",
]


def written(folder, quads):
    (folder / releases.CONTENT).write_text("".join(f"{line}\n" for line in sorted(quads)), "utf-8")
    return write_graphs(folder)


def overview(folder, iri):
    text = (folder / releases.graph_file(iri, "json")).read_text("utf-8")
    return GraphOverview.from_json(text)


def test_each_graph_below_our_base_is_a_file_in_each_format(tmp_path):
    assert written(tmp_path, QUADS) == []
    suffixes = [*(BY_NAME[name].suffix for name in DOCUMENT), "json"]
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("graph/*")}
    assert files == {releases.graph_file(iri, end) for iri in (ONE, ODD) for end in suffixes}


@pytest.mark.parametrize("name", DOCUMENT)
@pytest.mark.parametrize("iri", [ONE, ODD])
def test_a_file_holds_the_triples_of_its_graph_and_no_others(tmp_path, name, iri):
    written(tmp_path, QUADS)
    path = tmp_path / releases.graph_file(iri, BY_NAME[name].suffix)
    form = ox.RdfFormat.from_extension(BY_NAME[name].suffix)
    found = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(path=str(path), format=form))
    content = ox.parse(path=str(tmp_path / releases.CONTENT), format=ox.RdfFormat.N_QUADS)
    expected = ox.Dataset(
        ox.Quad(*quad.triple) for quad in content if quad.graph_name == ox.NamedNode(iri)
    )
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    expected.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert len(expected) > 0
    assert found == expected


def test_the_same_content_gives_the_same_bytes(tmp_path):
    digests = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, QUADS)
        files = sorted((tmp_path / name / "graph").iterdir())
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in files])
    assert digests[0] == digests[1]


def test_the_overview_counts_things_and_leaves_parts_out(tmp_path):
    written(tmp_path, QUADS)
    found = overview(tmp_path, ONE)
    assert (found.triples, found.languages) == (4, ("de-AT",))
    assert [(entry.type, entry.count, entry.members) for entry in found.types] == [
        ("https://example.org/Kind", 2, (f"{BASE}id/org/a", f"{BASE}id/org/b"))
    ]


@pytest.mark.parametrize(
    ("value", "predicate", "formats"),
    [
        ("<a:c>", "https://example.org/1", {"rdf"}),
        ('"\\u0001"', "https://example.org/p", {"rdf"}),
        ("<<( <a:a> <a:b> <a:c> )>>", "https://example.org/p", {"jsonld"}),
    ],
)
def test_a_format_that_cannot_express_a_graph_is_left_out_with_a_warning(
    tmp_path, value, predicate, formats
):
    findings = written(tmp_path, [f"<a:a> <{predicate}> {value} <{ONE}> ."])
    assert [(finding.severity, finding.focus) for finding in findings] == [("warning", ONE)]
    assert set(overview(tmp_path, ONE).unwritten) == formats
    missing = {
        name
        for name in DOCUMENT
        if not (tmp_path / releases.graph_file(ONE, BY_NAME[name].suffix)).exists()
    }
    assert missing == formats


def test_of_very_many_graphs_only_the_large_ones_have_files(tmp_path, monkeypatch):
    monkeypatch.setattr(graphs, "MOST_GRAPHS", 1)
    monkeypatch.setattr(graphs, "SMALL", 1)
    written(tmp_path, QUADS)
    assert {path.stem for path in tmp_path.glob("graph/*")} == {"one"}
