import pyoxigraph as ox
import pytest

from kmn_ld import releases
from kmn_ld.build.dumps import write_dumps
from kmn_ld.formats import DUMPS
from kmn_ld.sources import DUMPED
from kmn_ld.vocab import GRAPH

QUADS = [
    ("https://example.org/a", "network"),
    ("https://example.org/a", "sources"),
    ("https://example.org/b", "organisations"),
    ("https://example.org/c", "concepts"),
    ("https://example.org/d", "shapes"),
    ("https://example.org/e", "unheard-of"),
]
TRICK = f'"a <{GRAPH}network> ."'
HELD = {
    "network": {"a", "b", "c", "trick"},
    "vocabulary": {"c", "d"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dumps")
    lines = [f"<{iri}> <https://example.org/p> _:x <{GRAPH}{graph}> ." for iri, graph in QUADS]
    lines.append(f"<https://example.org/trick> <https://example.org/p> {TRICK} <{GRAPH}history> .")
    (folder / releases.CONTENT).write_text("".join(f"{line}\n" for line in sorted(lines)), "utf-8")
    write_dumps(folder)
    return folder


def _read(folder, name, format_name):
    path = folder / releases.DUMPS / f"{name}.{format_name}"
    return list(ox.parse(path=str(path), format=ox.RdfFormat.from_extension(format_name)))


def test_each_dump_is_there_in_each_format(folder):
    names = {path.name for path in (folder / releases.DUMPS).iterdir()}
    assert names == {f"{name}.{suffix}" for name in DUMPED for suffix in DUMPS}


@pytest.mark.parametrize("format_name", DUMPS)
@pytest.mark.parametrize("name", DUMPED)
def test_a_dump_holds_its_graphs_and_no_others(folder, name, format_name):
    quads = _read(folder, name, format_name)
    subjects = {quad.subject.value.rpartition("/")[2] for quad in quads}
    assert subjects == HELD[name]


@pytest.mark.parametrize("format_name", [name for name in DUMPS if name != "nq"])
def test_merged_graphs_say_everything_once(folder, format_name):
    quads = _read(folder, "network", format_name)
    assert len(quads) == 4
    assert {quad.graph_name for quad in quads} == {ox.DefaultGraph()}


def test_nquads_keep_the_graphs(folder):
    named = {(q.subject.value, q.graph_name.value) for q in _read(folder, "network", "nq")}
    assert ("https://example.org/a", f"{GRAPH}network") in named
    assert ("https://example.org/a", f"{GRAPH}sources") in named


@pytest.mark.parametrize("format_name", ["nt", "nq"])
def test_lines_are_sorted(folder, format_name):
    lines = (folder / releases.DUMPS / f"network.{format_name}").read_bytes().split(b"\n")[:-1]
    assert lines == sorted(lines)
