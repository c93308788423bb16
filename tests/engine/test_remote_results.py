import json
from io import BytesIO

import pyoxigraph as ox
import pytest

from kmn_ld.engine.remote_results import read_rows, read_triples, read_truth, write_result
from kmn_ld.engine.terms import BlankNode, Iri, Literal
from kmn_ld.errors import EngineError, QueryRefused
from kmn_ld.vocab import PREFIXES
from tests.engine.waiting import complaints_elsewhere

XSD = PREFIXES["xsd"]
NT, TTL = "application/n-triples", "text/turtle"
GEOMETRY = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
_TYPED = '{ "type": "typed-literal", "datatype": "%s", "value": "%s" }'
_ROWS = (
    '{ "a": { "type": "bnode", "value": "nodeID://b10000" }\t, "b": %s},'
    % (_TYPED % (XSD + "boolean", "0")),
    '{ "a": { "type": "uri", "value": "https://example.org/\\u00FC" }\t, "b": %s},'
    % (_TYPED % (GEOMETRY, "POINT(1 2)")),
    r'{ "a": { "type": "literal", "value": "\"type\": \"bnode\", \"value\": \"nodeID://}" } }',
)
VIRTUOSO = (
    '\n{ "head": { "link": [], "vars": ["a", "b"] },\n  "results": { "distinct": false,'
    ' "ordered": true, "bindings": [\n' + "\n".join(_ROWS) + " ] } }\n"
)


class _Answer:
    """A remote answer that comes in pieces of some bytes."""

    def __init__(self, text: str, media_type: str = "", size: int = 65536) -> None:
        self.media_type = media_type
        self._data = BytesIO(text.encode())
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._data.read(self._size)


class _Sink(BytesIO):
    def begin(self, format_name: str, form: str) -> None:
        self.begun = (format_name, form)


def _written(text: str, form: str, format_name: str, media_type: str = "") -> bytes:
    sink = _Sink()
    write_result(_Answer(text, media_type), form, format_name, sink)
    assert sink.begun == (format_name, form)
    return sink.getvalue()


@pytest.mark.parametrize("size", [1, 7, 100, 65536])
def test_rows_of_virtuoso_are_those_of_any_engine(size):
    assert read_rows(_Answer(VIRTUOSO, size=size)) == [
        {"a": BlankNode("b10000"), "b": Literal("false", datatype=XSD + "boolean")},
        {
            "a": Iri("https://example.org/ü"),
            "b": Literal("POINT(1 2)", datatype=PREFIXES["geo"] + "wktLiteral"),
        },
        {"a": Literal('"type": "bnode", "value": "nodeID://}')},
    ]


@pytest.mark.parametrize("format_name", ["json", "xml", "csv", "tsv"])
def test_rows_are_written_in_each_format_without_what_is_virtuosos_own(format_name):
    written = _written(VIRTUOSO, "solutions", format_name)
    assert b"example.org" in written
    for word in (b"typed-literal", b'"link"', b"virtrdf", b"distinct"):
        assert word not in written


@pytest.mark.parametrize("text", ['{"head":{},"boolean":%s}', "virtuoso"])
@pytest.mark.parametrize("truth", [True, False])
def test_booleans_are_told_in_two_ways(text, truth):
    row = '{ "__ASK_RETVAL": { "type": "typed-literal", "datatype": "x:y", "value": "1" }}'
    rows = f'{{ "head": {{ "vars": ["__ASK_RETVAL"] }}, "results": {{ "bindings": [{row}] }} }}'
    told = text % json.dumps(truth) if "%" in text else rows.replace(row, row if truth else "")
    assert read_truth(_Answer(told)) is truth
    assert json.loads(_written(told, "boolean", "json"))["boolean"] is truth
    assert _written(told, "boolean", "csv") == json.dumps(truth).encode()


@pytest.mark.parametrize("format_name", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
@pytest.mark.parametrize("media_type", [NT, TTL])
def test_triples_are_written_in_each_format(format_name, media_type):
    geometry = f'"POINT(1 2)"^^<{GEOMETRY}>'
    text = f'<x:a> <http://x/b> "ü" .\n<x:a>\t<http://x/b>\t{geometry} .\n# Empty NT\n'
    written = _written(text, "graph", format_name, media_type)
    kind = {"jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML}
    parsed = ox.parse(written, format=kind.get(format_name) or ox.RdfFormat.TRIG)
    assert {(quad.object.value, quad.object.datatype.value) for quad in parsed} == {
        ("ü", XSD + "string"),
        ("POINT(1 2)", PREFIXES["geo"] + "wktLiteral"),
    }


@pytest.mark.parametrize("end", [1, 20, 200, 400, 600, 700])
def test_cut_rows_are_no_result(end):
    for reading in (read_rows, read_truth):
        with pytest.raises(EngineError) as caught:
            reading(_Answer(VIRTUOSO.strip()[:-end]))
        assert caught.value.key == "remote-cut"


@pytest.mark.parametrize(
    ("text", "form", "media_type"),
    [
        (VIRTUOSO + "The SPARQL operation has been cancelled", "solutions", ""),
        ('{"head":{"vars":["a"]},"results":{"bindings":[The operation', "solutions", ""),
        ('{"head":{},"boolean":true}', "solutions", ""),
        ("", "boolean", ""),
        ('<x:a> <x:b> "c" .\nThe SPARQL operation has been cancelled', "graph", NT),
        ('<x:a> <x:b> "c', "graph", NT),
        ("<x:a> <x:b> ", "graph", TTL),
        ("}" + "x" * 100, "solutions", ""),
    ],
)
def test_a_result_that_ends_in_an_error_is_no_result(text, form, media_type):
    """Oxigraph's own server sends what it has when time is out, with status 200."""
    for format_name in ("nt", "ttl") if form == "graph" else ("json", "csv"):
        with pytest.raises(EngineError) as caught:
            _written(text, form, format_name, media_type)
        assert (caught.value.key, caught.value.status) == ("remote-cut", 503)


def test_what_xml_cannot_hold_is_refused_as_by_the_engine_inside():
    row = '{"a":{"type":"literal","value":"\\u0001"}}'
    rows = f'{{"head":{{"vars":["a"]}},"results":{{"bindings":[{row}]}}}}'
    with pytest.raises(QueryRefused):
        _written(rows, "solutions", "xml")
    with pytest.raises(QueryRefused):
        _written('<x:a> <x:b/1> "c" .', "graph", "rdf", NT)


def test_one_endless_value_is_not_held_for_ever():
    class Endless(_Answer):
        def read(self, size: int = -1) -> bytes:
            return b'{"head":{"vars":["a' + b"x" * 2**20

    with pytest.raises(EngineError):
        read_rows(Endless(""))


def test_triples_are_read_as_they_come():
    answer = _Answer("<x:a> <x:b> 1 .\n" * 100_000, TTL, size=1000)
    assert next(read_triples(answer)) == ox.Triple(
        ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.Literal(1)
    )
    assert answer._data.tell() < 100_000


@pytest.mark.parametrize("reading", ["read_rows", "write_result"])
def test_what_fails_leaves_no_result_to_end_in_another_thread(reading, monkeypatch):
    """Oxigraph's results may end in no thread but their own; an error would keep them."""
    rows = VIRTUOSO.strip()[:-20]
    calls = {
        "read_rows": lambda: read_rows(_Answer(rows)),
        "write_result": lambda: _written(rows, "solutions", "json"),
    }
    assert complaints_elsewhere(calls[reading], monkeypatch) == []
