import random

import pytest

from kmn_ld import releases
from kmn_ld.build.content import default_lines, named_lines, write_content
from kmn_ld.engine.parsing import in_graph
from kmn_ld.vocab import GRAPH

NETWORK, SOURCES, SHAPES = (GRAPH + name for name in ("network", "sources", "shapes"))
TERMS = [
    *("<a:b>", "<a:b1>", "<a:b/>", "_:b", "_:b1", '""', '"a"', '"a "', '"a\\u0000"', '"a\\"@de"'),
    *('"a"@de', '"a"@de-AT', '"a"@de--ltr', '"a"^^<a:b>', '"a"^^<a:b1>', '"a !"', '"ä"', '"🎉"'),
    *("<<( <a:b> <a:b> <a:b> )>>", '<<( <a:b> <a:b> "a"@de )>>', f'"a <{NETWORK}> ."'),
]
LINES = [f"<a:{subject}> <a:p> {term} ." for subject in ("s", "s1") for term in TERMS]


@pytest.fixture
def folder(tmp_path):
    rng = random.Random(1)
    graphs = {name: rng.sample(LINES, 30) for name in (SOURCES, SHAPES, NETWORK)}
    graphs[SOURCES] += graphs[SOURCES][:5]
    counts, quads = write_content(graphs, tmp_path)
    assert counts == {NETWORK: 30, SHAPES: 30, SOURCES: 30}
    assert quads == sum(
        len(_lines(tmp_path, name)) for name in (releases.CONTENT, releases.DEFAULT)
    )
    return graphs, tmp_path


def _lines(folder, name):
    return (folder / name).read_bytes().split(b"\n")[:-1]


def test_quads_are_sorted_as_whole_lines(folder):
    graphs, path = folder
    quads = {in_graph(line, name).encode() for name, lines in graphs.items() for line in lines}
    assert _lines(path, releases.CONTENT) == sorted(quads)


def test_the_default_graph_holds_once_what_graphs_of_data_say(folder):
    graphs, path = folder
    plain = {line.encode() for name in (NETWORK, SOURCES) for line in graphs[name]}
    assert _lines(path, releases.DEFAULT) == sorted(plain)
    assert [line.encode() for line in default_lines(path)] == sorted(plain)


def test_the_triples_of_quads_are_sorted_too_those_of_each_graph_and_all(folder):
    graphs, path = folder
    found = list(named_lines(path))
    triples = [triple for triple, _ in found]
    assert triples == sorted(triples)
    for name, lines in graphs.items():
        mine = [triple for triple, graph in found if graph == f"<{name}>"]
        assert mine == sorted(set(lines))
