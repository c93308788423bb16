"""Results in each format, read by parsers that are not Oxigraph's: what was asked has arrived."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from rdflib import BNode, Graph, Literal, URIRef, Variable
from rdflib.compare import isomorphic
from rdflib.query import Result

from kmn_ld.build.progress import Silent
from kmn_ld.build.releasing import build_dataset
from kmn_ld.config import Settings
from kmn_ld.engine import open_engine
from kmn_ld.web import create_app

EX = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
SRX = "{http://www.w3.org/2005/sparql-results#}"
VALUES = [
    Literal("plain"),
    Literal(""),
    Literal("comma, \"quotes\" and 'more'"),
    Literal("line\nfeed"),
    Literal("carriage\r\nreturn"),
    Literal("tab\tand \\ backslash"),
    Literal(" blanks "),
    Literal("<b>&amp;]]></b>"),
    Literal("Grüße 👋 שלום"),
    Literal("Haus", lang="de"),
    Literal("house", lang="en-gb"),
    Literal(12),
    Literal("1.5", datatype=URIRef(XSD + "decimal")),
    Literal("true", datatype=URIRef(XSD + "boolean")),
    Literal("2026-01-02", datatype=URIRef(XSD + "date")),
    Literal("x", datatype=URIRef(EX + "type?a=1&b=2")),
    URIRef(EX + "ü?a=1&b='2'"),
]
ROWS = f"SELECT ?n ?v ?none {{ ?s <{EX}n> ?n ; <{EX}v> ?v }} ORDER BY ?n"
NODES = f"SELECT ?a ?b {{ ?a <{EX}knows> ?b }} ORDER BY ?b"
TYPES = {"json": "json", "xml": "xml", "tsv": "tsv"}


@pytest.fixture(scope="module")
def sparql(tmp_path_factory):
    """Return a client of an application over values that are hard to write."""
    folder = tmp_path_factory.mktemp("formats")
    data, node = Graph(), BNode()
    for number, value in enumerate(VALUES):
        data.add((URIRef(f"{EX}{number}"), URIRef(EX + "n"), Literal(number)))
        data.add((URIRef(f"{EX}{number}"), URIRef(EX + "v"), value))
    for other in (URIRef(EX + "1"), URIRef(EX + "2"), BNode()):
        data.add((node, URIRef(EX + "knows"), other))
    data.add((URIRef(EX + "bad"), URIRef(EX + "control"), Literal("a\x01b")))
    data.serialize(folder / "values.nq", format="nt", encoding="utf-8")
    settings = Settings(releases=folder / "releases")
    release = build_dataset(settings, folder / "values.nq", Silent()).release
    engine = open_engine(settings, release)
    yield create_app(settings, engine=engine).test_client()
    engine.close()


def _ask(sparql, query, format_name):
    response = sparql.get("/sparql", query_string={"query": query, "format": format_name})
    assert response.status_code == 200
    return response.data


@pytest.mark.clause("JSON 3", "JSON 3.2.2", "XML 2.3", "XML 2.3.1", "TSV 4", "TSV 4.2")
@pytest.mark.parametrize("format_name", TYPES)
def test_another_parser_reads_every_kind_of_term_as_it_is_in_the_data(sparql, format_name):
    found = Result.parse(io.BytesIO(_ask(sparql, ROWS, format_name)), format=TYPES[format_name])
    assert [row[Variable("v")] for row in found.bindings] == VALUES
    assert not any(Variable("none") in row for row in found.bindings)


@pytest.mark.clause("JSON 3.1.1", "XML 2.2", "CSV 3.1", "TSV 4.1")
@pytest.mark.parametrize("select", ["?v ?none ?n", "?n ?none ?v"])
def test_variables_stand_in_the_order_of_select_in_every_format(sparql, select):
    query = ROWS.replace("?n ?v ?none", select, 1)
    names = select.replace("?", "").split()
    head = ET.fromstring(_ask(sparql, query, "xml")).find(f"{SRX}head")
    assert json.loads(_ask(sparql, query, "json"))["head"]["vars"] == names
    assert [entry.get("name") for entry in head] == names
    assert _ask(sparql, query, "csv").partition(b"\r\n")[0].decode() == ",".join(names)
    assert _ask(sparql, query, "tsv").partition(b"\n")[0].decode() == select.replace(" ", "\t")


@pytest.mark.clause("CSV 3", "CSV 3.2")
def test_csv_holds_the_text_of_each_value_quoted_where_it_must_be(sparql):
    data = _ask(sparql, ROWS, "csv").decode()
    rows = list(csv.reader(io.StringIO(data, newline=""), strict=True))
    assert rows[1:] == [[str(n), str(value), ""] for n, value in enumerate(VALUES)]
    assert data.endswith("\r\n")


@pytest.mark.clause("JSON 3.2.2", "XML 2.3.1", "CSV 3.2", "TSV 4.2", "Blank nodes")
def test_a_blank_node_has_one_label_in_a_result_in_every_format(sparql):
    rows = json.loads(_ask(sparql, NODES, "json"))["results"]["bindings"]
    assert {row["a"]["type"] for row in rows} == {"bnode"}
    assert len({row["a"]["value"] for row in rows}) == 1
    for name in ("csv", "tsv"):
        lines = _ask(sparql, NODES, name).decode().splitlines()[1:]
        first = {line.replace("\t", ",").split(",")[0] for line in lines}
        assert len(first) == 1
        assert first.pop().startswith("_:")
    found = Result.parse(io.BytesIO(_ask(sparql, NODES, "xml")), format="xml")
    assert len({row[Variable("a")] for row in found.bindings}) == 1
    assert all(isinstance(row[Variable("a")], BNode) for row in found.bindings)


@pytest.mark.clause("JSON 3.2", "XML 2.3")
def test_a_result_without_rows_is_one_with_variables(sparql):
    query = "SELECT ?a ?b { ?a <https://example.org/no> ?b }"
    assert json.loads(_ask(sparql, query, "json")) == {
        "head": {"vars": ["a", "b"]},
        "results": {"bindings": []},
    }
    root = ET.fromstring(_ask(sparql, query, "xml"))
    assert len(root.find(f"{SRX}results")) == 0
    assert _ask(sparql, query, "csv") == b"a,b\r\n"
    assert _ask(sparql, query, "tsv") == b"?a\t?b\n"


@pytest.mark.clause("JSON 3.3", "XML 2.3.2", "ASK in CSV and TSV")
@pytest.mark.parametrize(("query", "truth"), [("ASK {}", True), ("ASK { FILTER(false) }", False)])
def test_a_boolean_has_a_form_in_every_format(sparql, query, truth):
    assert json.loads(_ask(sparql, query, "json")) == {"head": {}, "boolean": truth}
    root = ET.fromstring(_ask(sparql, query, "xml"))
    assert root.find(f"{SRX}boolean").text == str(truth).lower()
    assert _ask(sparql, query, "csv").strip() == str(truth).lower().encode()
    assert _ask(sparql, query, "tsv").strip() == str(truth).lower().encode()


@pytest.mark.clause("XML 2.1")
def test_xml_is_utf_8_in_the_namespace_of_results(sparql):
    data = _ask(sparql, ROWS, "xml")
    assert ET.fromstring(data).tag == f"{SRX}sparql"
    assert "Grüße 👋 שלום".encode() in data


@pytest.mark.clause("XML: well-formed")
@pytest.mark.parametrize(
    ("query", "instead"),
    [
        (f"SELECT ?v {{ ?s <{EX}control> ?v }}", "JSON"),
        (f"CONSTRUCT WHERE {{ ?s <{EX}control> ?v }}", "Turtle"),
    ],
)
def test_what_xml_cannot_hold_is_refused_and_another_format_named(sparql, query, instead):
    response = sparql.get("/sparql", query_string={"query": query, "format": "xml"})
    assert (response.status_code, response.json["instead"]) == (400, instead)
    assert _ask(sparql, query, "json")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.clause("Protocol 2.1.6")
@pytest.mark.parametrize(
    "query",
    [
        f"CONSTRUCT {{ ?s <{EX}v> ?v }} WHERE {{ ?s <{EX}v> ?v }}",
        f"CONSTRUCT {{ [] <{EX}v> ?b ; <{EX}list> (1 ?b) }} WHERE {{ ?a <{EX}knows> ?b }}",
        f"DESCRIBE <{EX}0> <{EX}5> <{EX}16>",
        f"CONSTRUCT WHERE {{ <{EX}no> ?p ?o }}",
    ],
)
def test_triples_are_the_same_graph_in_every_format(sparql, query):
    graphs = []
    for name, kind in [
        ("ttl", "turtle"),
        ("nt", "nt"),
        ("nq", "nt"),
        ("trig", "turtle"),
        ("jsonld", "json-ld"),
        ("rdf", "xml"),
    ]:
        graphs.append(Graph().parse(data=_ask(sparql, query, name), format=kind))
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])
