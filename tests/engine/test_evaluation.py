import csv
import io
import json
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest

from kmn_ld.engine import PublicQuery
from kmn_ld.engine.evaluation import evaluate
from kmn_ld.errors import (
    EngineError,
    NotAcceptable,
    QueryRefused,
    QuerySyntaxError,
)
from kmn_ld.formats import GRAPHS, SOLUTIONS

EX = "https://example.org/"
QUADS = f"""
<{EX}s> <{EX}in> "default" .
<{EX}s> <{EX}in> "one" <{EX}g1> .
<{EX}s> <{EX}in> "two" <{EX}g2> .
"""


class Kept:
    """A sink that keeps a result."""

    def __init__(self) -> None:
        self.format = self.form = ""
        self.data = b""

    def begin(self, format_name: str, form: str) -> None:
        self.format, self.form = format_name, form

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(QUADS, format=ox.RdfFormat.N_QUADS)
    return store


def ask(store: ox.Store, text: str, accepted: str = "json", **dataset: list[str]) -> Kept:
    kept = Kept()
    solutions = [accepted] if accepted in SOLUTIONS else []
    graphs = [accepted] if accepted in GRAPHS else []
    evaluate(store, PublicQuery(text, solutions, graphs, **dataset), kept)
    return kept


@pytest.mark.parametrize(
    ("text", "form", "formats"),
    [
        ("SELECT * { ?s ?p ?o }", "solutions", SOLUTIONS),
        ("ASK { ?s ?p ?o }", "boolean", SOLUTIONS),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "graph", GRAPHS),
        (f"DESCRIBE <{EX}s>", "graph", GRAPHS),
    ],
)
def test_each_form_has_its_own_formats(store: ox.Store, text: str, form: str, formats):
    for name in formats:
        kept = ask(store, text, name)
        assert (kept.format, kept.form) == (name, form)
        assert kept.data
    for name in {*SOLUTIONS, *GRAPHS} - set(formats):
        with pytest.raises(NotAcceptable) as caught:
            ask(store, text, name)
        assert caught.value.details["offered"].count(",") == len(formats) - 1


def test_the_first_format_of_the_right_kind_wins(store: ox.Store):
    kept = Kept()
    evaluate(store, PublicQuery("ASK {}", ["tsv", "json"], ["nt"]), kept)
    assert (kept.format, kept.data) == ("tsv", b"true")


def test_results_keep_language_datatype_and_text(store: ox.Store):
    text = 'SELECT ?a ?b ?c ?d { VALUES (?a ?b ?c) { ("ä,\\n"@de 5 <urn:x>) } }'
    [row] = json.loads(ask(store, text).data)["results"]["bindings"]
    assert row == {
        "a": {"type": "literal", "value": "ä,\n", "xml:lang": "de"},
        "b": {
            "type": "literal",
            "value": "5",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        },
        "c": {"type": "uri", "value": "urn:x"},
    }
    rows = list(csv.reader(io.StringIO(ask(store, text, "csv").data.decode(), newline="")))
    assert rows == [["a", "b", "c", "d"], ["ä,\n", "5", "urn:x", ""]]
    tsv = ask(store, text, "tsv").data.decode()
    assert tsv == '?a\t?b\t?c\t?d\n"ä,\\n"@de\t5\t<urn:x>\t\n'
    assert ET.fromstring(ask(store, text, "xml").data).tag.endswith("sparql")


GRAPH_QUERY = "SELECT ?g ?v { { ?s ?p ?v } UNION { GRAPH ?g { ?s ?p ?v } } }"
D, ONE, TWO = ("", "default"), ("g1", "one"), ("g2", "two")


@pytest.mark.parametrize(
    ("default", "named", "expected"),
    [
        (None, None, {D, ONE, TWO}),
        ([EX + "g1"], None, {("", "one")}),
        ([EX + "g1"], [], {("", "one")}),
        ([EX + "g1", EX + "g2"], None, {("", "one"), ("", "two")}),
        (None, [EX + "g1"], {ONE}),
        ([], [EX + "g1"], {ONE}),
        ([EX + "g2"], [EX + "g1"], {("", "two"), ONE}),
        ([], [], set()),
        ([EX + "none"], [EX + "none"], set()),
    ],
)
def test_dataset_parameters_decide_what_is_seen(store: ox.Store, default, named, expected):
    kept = ask(store, GRAPH_QUERY, "csv", default_graphs=default, named_graphs=named)
    rows = list(csv.reader(io.StringIO(kept.data.decode())))[1:]
    assert {(graph.removeprefix(EX), value) for graph, value in rows} == expected


def test_a_graph_that_is_named_twice_is_one(store: ox.Store):
    """SPARQL 1.1 Protocol, 2.1.4: the default graph is an RDF merge."""
    text = "SELECT ?v { ?s ?p ?v }"
    kept = ask(store, text, "csv", default_graphs=[EX + "g1", EX + "g1"])
    assert kept.data == b"v\r\none\r\n"


def test_a_statement_of_several_graphs_of_a_default_graph_counts_for_each():
    """A known deviation (docs/conformance.md) from SPARQL 1.1 Query, 13.2."""
    store = ox.Store()
    store.load(
        "".join(f'<{EX}s> <{EX}in> "x" <{EX}g{n}> .\n' for n in (1, 2)), ox.RdfFormat.N_QUADS
    )
    graphs = [EX + "g1", EX + "g2"]
    rows = ask(store, "SELECT ?v { ?s ?p ?v }", "csv", default_graphs=graphs)
    assert rows.data == b"v\r\nx\r\nx\r\n"
    distinct = ask(store, "SELECT DISTINCT ?v { ?s ?p ?v }", "csv", default_graphs=graphs)
    assert distinct.data == b"v\r\nx\r\n"


def test_from_narrows_and_dataset_parameters_win_over_it(store: ox.Store):
    text = f"SELECT ?v FROM <{EX}g1> {{ ?s ?p ?v }}"
    assert ask(store, text, "csv").data == b"v\r\none\r\n"
    other = ask(store, text, "csv", default_graphs=[EX + "g2"])
    assert other.data == b"v\r\ntwo\r\n"


@pytest.mark.parametrize("which", ["default_graphs", "named_graphs"])
def test_a_graph_that_is_no_iri_is_refused(store: ox.Store, which: str):
    with pytest.raises(QueryRefused, match="query-graph-iri"):
        ask(store, "ASK {}", **{which: ["not an iri"]})


@pytest.mark.parametrize(
    ("text", "error", "place"),
    [
        ("SELECT * {\n ?s ?p }", QuerySyntaxError, (2, 8)),
        ("SELECT", QuerySyntaxError, (1, 7)),
        ("", QuerySyntaxError, (1, 1)),
        ("ASK {\n ?s foaf:name ?o }", QuerySyntaxError, (2, 5)),
        ("ASK { ?s ?p <a b> }", QuerySyntaxError, (1, 13)),
        ("SELECT ?s { } GROUP BY ?p", QuerySyntaxError, (1, 8)),
    ],
)
def test_a_syntax_error_names_line_and_column(store: ox.Store, text: str, error, place):
    with pytest.raises(error) as caught:
        ask(store, text)
    assert (caught.value.details["line"], caught.value.details["column"]) == place
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<urn:f>(1) AS ?x) {}",
        "SELECT (<http://www.opengis.net/def/function/geosparql/buffer>(1, 2, 3) AS ?x) {}",
    ],
)
def test_an_unknown_function_is_named(store: ox.Store, text: str):
    with pytest.raises(QueryRefused, match="query-function") as caught:
        ask(store, text)
    assert "<" in caught.value.details["reason"]


CONTROL = ["\\u0001", "\\u000B", "\\uFFFE", "\\uFFFF", "\\u001F"]


@pytest.mark.parametrize("character", CONTROL)
@pytest.mark.parametrize(
    "text",
    ['SELECT ("a%sb" AS ?x) {}', "CONSTRUCT { <urn:a> <urn:x:p> 'a%sb' } {}"],
)
def test_what_xml_cannot_hold_is_refused_with_a_better_format(
    store: ox.Store, character: str, text: str
):
    name, instead = ("xml", "JSON") if "SELECT" in text else ("rdf", "Turtle")
    with pytest.raises(QueryRefused, match="result-not-xml") as caught:
        ask(store, text % character, name)
    assert caught.value.details["instead"] == instead
    assert ask(store, text % character, "json" if name == "xml" else "ttl").data


def test_a_character_on_the_border_of_two_pieces_is_found_too(store: ox.Store):
    pad = "x" * 100
    for length in range(8192 - 300, 8192):
        text = f'SELECT (CONCAT("{"y" * length}", "\\uFFFE{pad}") AS ?x) {{}}'
        with pytest.raises(QueryRefused, match="result-not-xml"):
            ask(store, text, "xml")


def test_xml_that_is_well_formed_passes(store: ox.Store):
    text = 'SELECT ("tab\\t line\\n \\uFFFD \\uD7FF \\u0085 <&>" AS ?x) {}'
    root = ET.fromstring(ask(store, text, "xml").data)
    assert "".join(root.itertext()) == "tab\t line\n \ufffd \ud7ff \u0085 <&>"


@pytest.mark.parametrize("iri", [EX + "1", EX, "urn:x:1", EX + "a?", EX + "²", "tel:+49"])
def test_a_property_that_is_no_xml_name_is_refused_in_rdf_xml(store: ox.Store, iri: str):
    text = f"CONSTRUCT {{ <urn:a> <{iri}> 1 }} {{}}"
    with pytest.raises(QueryRefused, match="result-not-rdf-xml") as caught:
        ask(store, text, "rdf")
    assert caught.value.details["predicate"] == iri
    assert ask(store, text, "ttl").data


@pytest.mark.parametrize("name", ["li", "Description"])
def test_a_property_that_means_something_else_in_rdf_xml_is_refused(store: ox.Store, name: str):
    iri = f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}"
    with pytest.raises(QueryRefused, match="result-not-rdf-xml"):
        ask(store, f"CONSTRUCT {{ <urn:a> <{iri}> 1 }} {{}}", "rdf")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('SELECT ?x { BIND("a\\r\\nb" AS ?x) }', "xml"),
        ('CONSTRUCT { <urn:a> <urn:b> "a\\r\\nb" } {}', "rdf"),
    ],
)
def test_a_carriage_return_survives_xml(store: ox.Store, text: str, name: str):
    data = ask(store, text, name).data
    assert b"\r" not in data
    assert "a\r\nb" in "".join(ET.fromstring(data).itertext())


@pytest.mark.parametrize("iri", [EX + "a1", EX + "é", EX + "a(b", "urn:x:y", EX + "x#1a", EX + "_"])
def test_a_property_that_ends_in_an_xml_name_passes(store: ox.Store, iri: str):
    data = ask(store, f"CONSTRUCT {{ <urn:a> <{iri}> 1 }} {{}}", "rdf").data
    [quad] = ox.parse(data, format=ox.RdfFormat.RDF_XML)
    assert quad.predicate.value == iri


def test_a_triple_term_is_refused_where_the_format_has_none(store: ox.Store):
    text = "CONSTRUCT { ?s <urn:p> <<( <urn:a> <urn:b> 1 )>> } { BIND(<urn:s> AS ?s) }"
    with pytest.raises(QueryRefused, match="result-not-in-format"):
        ask(store, text, "jsonld")
    assert b"<<(" in ask(store, text, "ttl").data


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("count", [0, 3, 12_000])
def test_small_and_large_graphs_are_written_whole(name: str, count: int):
    store = ox.Store()
    store.extend(
        ox.Quad(ox.NamedNode(f"{EX}s{number}"), ox.NamedNode(EX + "p"), ox.Literal(number))
        for number in range(count)
    )
    kept = ask(store, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", name)
    assert len(list(ox.parse(kept.data, format=ox.RdfFormat.from_extension(name)))) == count


def test_a_small_graph_is_in_order_and_declares_what_it_uses(store: ox.Store):
    text = (
        "CONSTRUCT { <urn:b> a ?t . <urn:a> ?p 2 ; a ?t } "
        "{ BIND(<http://www.w3.org/ns/org#Organization> AS ?t) BIND(<urn:p> AS ?p) }"
    )
    assert ask(store, text, "ttl").data.decode() == (
        "@prefix org: <http://www.w3.org/ns/org#> .\n"
        "<urn:a> a org:Organization ;\n\t<urn:p> 2 .\n<urn:b> a org:Organization .\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?o { ?service ?p ?o }",
        "PREFIX service: <urn:service#> SELECT * { ?service service:p 'SERVICE <x> {}'@service }",
        "PREFIX SERVICE: <urn:> SELECT * { SERVICE:a ?xxxaaaa ?service }",
        "PREFIX service: <urn:> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    ],
)
def test_a_query_that_only_mentions_a_service_is_answered(store: ox.Store, text: str):
    assert json.loads(ask(store, text).data)["head"]["vars"]


def test_what_the_sink_raises_comes_through(store: ox.Store):
    class Full(Kept):
        def write(self, data: bytes) -> int:
            raise EngineError("spool-unwritable", reason="full")

    with pytest.raises(EngineError, match="spool-unwritable"):
        evaluate(store, PublicQuery("SELECT * { ?s ?p ?o }", ["json"], []), Full())
