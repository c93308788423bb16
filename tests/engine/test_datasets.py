import pyoxigraph as ox
import pytest

from kmn_ld.engine import datasets
from kmn_ld.engine.datasets import dataset_kind, dataset_lines, graph_of, without_graph
from kmn_ld.errors import SourceError, TurtleSyntaxError

TRIG = """
<a:g> { <a:a> <a:b> [ <a:c> _:x ] , "1" , <<( <a:a> <a:b> _:x )>> .
<< <a:a> <a:b> <a:d> >> <a:e> 1 }
_:h { <a:a> <a:b> "c"@de } <a:a> <a:b> <a:c> , <a:c> .
"""
NODE, GRAPH, BLANK = ox.NamedNode("a:a"), ox.NamedNode("a:g"), ox.BlankNode("g")
OBJECTS = [
    ox.NamedNode("a:g"),
    ox.BlankNode("g"),
    ox.Literal("x"),
    ox.Literal("a <a:g>"),
    ox.Literal("a <a:g> .\n"),
    ox.Literal('"@de <a:g>'),
    ox.Literal("a _:g", language="de"),
    ox.Literal("a <b", datatype=ox.NamedNode("a:g")),
    ox.Triple(NODE, NODE, ox.Literal("a <a:g>")),
    ox.Triple(NODE, NODE, ox.Triple(NODE, NODE, ox.NamedNode("a:g"))),
]


def lines_of(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return list(dataset_lines(tmp_path / name))


def refused(tmp_path, name, text):
    with pytest.raises(SourceError) as caught:
        lines_of(tmp_path, name, text)
    return caught.value


@pytest.mark.parametrize("batch", [1, 10_000])
def test_trig_becomes_lines_that_say_the_same(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(datasets, "_BATCH", batch)
    lines = lines_of(tmp_path, "a.trig", TRIG)
    read, expected = (
        ox.Dataset(ox.parse(text, format=form))
        for text, form in (
            ("\n".join(lines), ox.RdfFormat.N_QUADS),
            (TRIG, ox.RdfFormat.TRIG),
        )
    )
    read.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    expected.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert read == expected


def test_trig_gives_the_same_lines_every_time(tmp_path):
    assert lines_of(tmp_path, "a.trig", TRIG) == lines_of(tmp_path, "b.trig", TRIG)


def test_nquads_keep_their_labels(tmp_path):
    assert lines_of(tmp_path, "a.nq", "_:x <a:b>  _:y <a:g> .\n") == ["_:x <a:b> _:y <a:g> ."]


@pytest.mark.parametrize("term", OBJECTS, ids=str)
@pytest.mark.parametrize(
    ("graph", "expected"), [(GRAPH, "<a:g>"), (BLANK, "_:g"), (ox.DefaultGraph(), "")]
)
def test_the_graph_of_a_line_is_found_whatever_the_object(term, graph, expected):
    quad = ox.Quad(NODE, NODE, term, graph)
    line = ox.serialize([quad], format=ox.RdfFormat.N_QUADS).decode().removesuffix("\n")
    assert graph_of(line) == expected
    triple = ox.serialize([quad.triple], format=ox.RdfFormat.N_TRIPLES).decode().removesuffix("\n")
    assert without_graph(line) == (triple, expected)


def test_other_kinds_of_files_are_refused(tmp_path):
    with pytest.raises(SourceError) as caught:
        dataset_kind(tmp_path / "a.ttl")
    assert caught.value.key == "dataset-kind"


def test_a_missing_dataset_is_an_error_of_ours(tmp_path):
    with pytest.raises(SourceError) as caught:
        list(dataset_lines(tmp_path / "none.nq"))
    assert caught.value.key == "file-unreadable"


@pytest.mark.parametrize("name", ["a.nq", "a.trig"])
def test_a_syntax_error_has_its_line(tmp_path, name):
    error = refused(tmp_path, name, "<a:a> <a:b> <a:c> .\n<a:a> <a:b>\n")
    assert isinstance(error, TurtleSyntaxError)
    assert error.details["line"] in (2, 3)


@pytest.mark.parametrize(("name", "line"), [("a.nq", {"line": 2}), ("a.trig", {"line": 2})])
def test_a_value_that_the_parser_cannot_take_is_refused_with_its_line(tmp_path, name, line):
    long = "x" * datasets.MOST_BYTES
    error = refused(tmp_path, name, f'<a:a> <a:b> "c" .\n<a:a> <a:b> "{long}" .\n')
    assert (error.key, error.details["line"]) == ("value-too-long", 2)


def test_a_value_that_only_its_escapes_make_too_long_is_refused(tmp_path):
    text = '<a:a> <a:b> """' + "\n" * (datasets.MOST_BYTES // 2 + 10) + '""" .'
    assert refused(tmp_path, "a.trig", text).key == "value-too-long"
