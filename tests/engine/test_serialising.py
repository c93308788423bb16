import json
import subprocess
import sys
from io import BytesIO

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from kmn_ld.engine import BlankNode, Iri, Literal, Statement, serialise, serialising
from kmn_ld.engine.jsonld import LINK, TEXT, ShortName, whole_context
from kmn_ld.engine.serialising import expressible, write_graph, write_triples
from kmn_ld.errors import NotAcceptable, SourceError
from kmn_ld.formats import GRAPHS
from kmn_ld.vocab import PREFIXES
from tests.engine import nasty

EX = "https://example.org/"
XSD, RDF, SKOS = PREFIXES["xsd"], PREFIXES["rdf"], PREFIXES["skos"]
HOUSE = Iri(EX + "house")
LIST = [BlankNode("one"), BlankNode("two")]


def said(predicate: str, value: object, subject: object = HOUSE, graph: str = "a") -> Statement:
    return Statement(subject, Iri(predicate), value, Iri(EX + graph))


PLAIN = [
    said(RDF + "type", Iri(PREFIXES["org"] + "Organization")),
    said(SKOS + "prefLabel", Literal("Haus „skos: <b>“\u2028\u0085", "de")),
    said(SKOS + "prefLabel", Literal("house", "en")),
    said(PREFIXES["schema"] + "numberOfEmployees", Literal("12", datatype=XSD + "integer")),
    said(PREFIXES["schema"] + "isAccessibleForFree", Literal("true", datatype=XSD + "boolean")),
    said(PREFIXES["dcterms"] + "modified", Literal("2026-01-02", datatype=XSD + "date")),
    said(EX + "empty", Iri(RDF + "nil")),
]
WITH_LIST = [
    *PLAIN,
    said(PREFIXES["sh"] + "in", LIST[0]),
    said(RDF + "first", Literal("x"), LIST[0]),
    said(RDF + "rest", LIST[1], LIST[0]),
    said(RDF + "first", HOUSE, LIST[1]),
    said(RDF + "rest", Iri(RDF + "nil"), LIST[1]),
]
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}


def read(data: bytes, name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=data, format=RDFLIB[name])


@pytest.mark.parametrize("name", RDFLIB)
@pytest.mark.parametrize("statements", [PLAIN, WITH_LIST], ids=["plain", "list"])
def test_another_reader_gets_the_same_graph_back(name: str, statements: list[Statement]):
    expected = read(serialise(statements, "nt"), "nt")
    assert len(expected) == len(statements)
    assert isomorphic(expected, read(serialise(statements, name), name))


@pytest.mark.parametrize("name", GRAPHS)
def test_order_and_labels_of_the_statements_do_not_matter(name: str):
    turned = {LIST[0]: BlankNode("zwei"), LIST[1]: BlankNode("eins")}
    again = [
        Statement(
            turned.get(entry.subject, entry.subject),
            entry.predicate,
            turned.get(entry.object, entry.object),
            entry.graph,
        )
        for entry in reversed(WITH_LIST)
    ]
    assert serialise(WITH_LIST, name) == serialise(again, name)


@pytest.mark.parametrize("name", GRAPHS)
def test_another_process_writes_the_same_bytes(name: str):
    code = (
        "import sys; from kmn_ld.engine import serialise;"
        "from tests.engine.test_serialising import WITH_LIST;"
        f"sys.stdout.buffer.write(serialise(WITH_LIST, {name!r}))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert serialise(WITH_LIST, name) == other.stdout


@pytest.mark.parametrize("name", ["trig", "nq"])
def test_trig_and_nquads_keep_the_named_graphs(name: str):
    twice = [*PLAIN, said(SKOS + "prefLabel", Literal("house", "en"), graph="b")]
    quads = list(ox.parse(serialise(twice, name), format=ox.RdfFormat.from_extension(name)))
    assert len(quads) == len(PLAIN) + 1
    assert {quad.graph_name.value for quad in quads} == {EX + "a", EX + "b"}


@pytest.mark.parametrize("name", RDFLIB)
def test_other_formats_merge_the_graphs(name: str):
    twice = [*PLAIN, said(SKOS + "prefLabel", Literal("house", "en"), graph="b")]
    assert serialise(PLAIN, name) == serialise(twice, name)


@pytest.mark.parametrize("name", ["ttl", "trig"])
def test_turtle_declares_only_prefixes_in_use_and_puts_types_first(name: str):
    text = serialise(PLAIN, name).decode()
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == ["dcterms:", "org:", "rdf:", "schema:", "skos:", "xsd:"]
    assert f"<{EX}house> a org:Organization ;" in text


def test_rdf_xml_declares_only_prefixes_in_use():
    root = serialise(PLAIN, "rdf").decode().split("\n")[1]
    declared = {part.partition("=")[0] for part in root.split()[1:]}
    assert declared == {"xmlns:" + name for name in ("dcterms", "org", "rdf", "schema", "skos")}


def test_jsonld_carries_its_context_and_reads_well():
    document = json.loads(serialise(WITH_LIST, "jsonld"))
    assert set(document["@context"]) == {"dcterms", "org", "schema", "sh", "skos", "xsd", "rdf"}
    [node] = document["@graph"]
    assert node == {
        "@id": EX + "house",
        "@type": "org:Organization",
        EX + "empty": {"@id": "rdf:nil"},
        "dcterms:modified": {"@type": "xsd:date", "@value": "2026-01-02"},
        "schema:isAccessibleForFree": True,
        "schema:numberOfEmployees": 12,
        "sh:in": {"@list": ["x", {"@id": EX + "house"}]},
        "skos:prefLabel": [
            {"@language": "de", "@value": "Haus „skos: <b>“\u2028\u0085"},
            {"@language": "en", "@value": "house"},
        ],
    }


ODD = {
    "scheme like a prefix": [said(PREFIXES["geo"] + "at", Iri("geo:53.1,9.2"))],
    "namespace itself": [said(SKOS + "inScheme", Iri(SKOS))],
    "number not canonical": [said(EX + "n", Literal("007", datatype=XSD + "integer"))],
    "large number": [said(EX + "n", Literal("9" * 20, datatype=XSD + "integer"))],
    "minus zero": [said(EX + "n", Literal("-0", datatype=XSD + "integer"))],
    "type that is a text": [said(RDF + "type", Literal("org:Organization"))],
    "text like a compact IRI": [said(SKOS + "note", Literal("skos:note"))],
    "list without end": [said(EX + "p", LIST[0]), said(RDF + "first", HOUSE, LIST[0])],
    "list in a circle": [
        said(EX + "p", LIST[0]),
        said(RDF + "first", HOUSE, LIST[0]),
        said(RDF + "rest", LIST[1], LIST[0]),
        said(RDF + "first", HOUSE, LIST[1]),
        said(RDF + "rest", LIST[0], LIST[1]),
    ],
    "list in a list": [
        said(EX + "p", LIST[0]),
        said(RDF + "first", LIST[1], LIST[0]),
        said(RDF + "rest", Iri(RDF + "nil"), LIST[0]),
        said(RDF + "first", HOUSE, LIST[1]),
        said(RDF + "rest", Iri(RDF + "nil"), LIST[1]),
    ],
    "list that holds itself": [
        said(RDF + "first", LIST[0], LIST[0]),
        said(RDF + "rest", Iri(RDF + "nil"), LIST[0]),
    ],
    "list with two owners": [
        said(EX + "p", LIST[0]),
        said(EX + "q", LIST[0]),
        said(RDF + "first", HOUSE, LIST[0]),
        said(RDF + "rest", Iri(RDF + "nil"), LIST[0]),
    ],
    "list node that says more": [
        said(EX + "p", LIST[0]),
        said(EX + "q", HOUSE, LIST[0]),
        said(RDF + "first", HOUSE, LIST[0]),
        said(RDF + "rest", Iri(RDF + "nil"), LIST[0]),
    ],
}


@pytest.mark.parametrize("statements", ODD.values(), ids=list(ODD))
def test_jsonld_loses_nothing_of_odd_graphs(statements: list[Statement]):
    written = ox.parse(serialise(statements, "jsonld"), format=ox.RdfFormat.JSON_LD)
    graph = ox.serialize((quad.triple for quad in written), format=ox.RdfFormat.N_TRIPLES)
    assert isomorphic(read(serialise(statements, "nt"), "nt"), read(graph, "nt"))


def test_a_base_direction_survives():
    statement = said(EX + "p", Literal("نص", "ar--rtl"))
    assert b'"@direction":"rtl"' in serialise([statement], "jsonld")
    assert b"its:dir" in serialise([statement], "rdf")
    assert b"@ar--rtl" in serialise([statement], "ttl")


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_at_all_is_a_document_too(name: str):
    written = serialise([], name)
    assert list(ox.parse(written, format=ox.RdfFormat.from_extension(name))) == []
    assert b"skos" not in written


@pytest.mark.parametrize("name", ["ttl", "jsonld", "rdf"])
@pytest.mark.parametrize("triples", nasty.GRAPHS.values(), ids=list(nasty.GRAPHS))
def test_two_readers_get_nasty_graphs_back(name: str, triples: list[ox.Triple]):
    expected = read(nasty.as_nt(triples), "nt")
    written = write_triples(triples, name)
    parsed = ox.parse(written, format=ox.RdfFormat.from_extension(name))
    assert isomorphic(expected, read(nasty.as_nt([quad.triple for quad in parsed]), "nt"))
    assert isomorphic(expected, read(written, name))


COERCIONS = ["", LINK, TEXT, XSD + "date", XSD + "integer", "org:foo", EX + "1"]


@pytest.mark.parametrize("coercion", COERCIONS)
@pytest.mark.parametrize("triples", nasty.GRAPHS.values(), ids=list(nasty.GRAPHS))
def test_two_readers_get_nasty_graphs_back_under_short_names(coercion: str, triples):
    names = {EX + "p": ShortName("p", coercion), PREFIXES["org"] + "Organization": ShortName("O")}
    expected = read(nasty.as_nt(triples), "nt")
    written = write_triples(triples, "jsonld", names=names)
    parsed = ox.parse(written, format=ox.RdfFormat.JSON_LD)
    assert isomorphic(expected, read(nasty.as_nt([quad.triple for quad in parsed]), "nt"))
    assert isomorphic(expected, read(written, "jsonld"))


NAMED = {
    SKOS + "prefLabel": ShortName("prefLabel", TEXT),
    SKOS + "note": ShortName("note", TEXT),
    PREFIXES["org"] + "linkedTo": ShortName("linkedTo", LINK),
    PREFIXES["org"] + "Organization": ShortName("Organization"),
    PREFIXES["dcterms"] + "modified": ShortName("modified", XSD + "date"),
    PREFIXES["sh"] + "in": ShortName("in", TEXT),
}


def test_short_names_make_links_dates_and_texts_plain_and_write_the_rest_in_full():
    statements = [
        *WITH_LIST,
        said(SKOS + "note", Literal("mixed", "en")),
        said(SKOS + "note", Literal("with none")),
        said(PREFIXES["org"] + "linkedTo", HOUSE),
        said(PREFIXES["org"] + "linkedTo", Literal("nowhere")),
    ]
    document = json.loads(serialise(statements, "jsonld", names=NAMED))
    [node] = document["@graph"]
    assert node == {
        "@id": EX + "house",
        "@type": "Organization",
        EX + "empty": {"@id": "rdf:nil"},
        "modified": "2026-01-02",
        "linkedTo": [{"@value": "nowhere"}, EX + "house"],
        "schema:isAccessibleForFree": True,
        "schema:numberOfEmployees": 12,
        "in": [{"@list": [{"@value": "x"}, {"@id": EX + "house"}]}],
        "note": [{"@language": "en", "@value": "mixed"}, {"@value": "with none"}],
        "prefLabel": {"de": "Haus „skos: <b>“\u2028\u0085", "en": "house"},
    }
    assert document["@context"]["modified"] == {"@id": "dcterms:modified", "@type": "xsd:date"}
    assert document["@context"]["Organization"] == "org:Organization"


def test_a_short_name_that_is_the_scheme_of_an_iri_is_not_used():
    names = {EX + "p": ShortName("urn", LINK)}
    written = serialise([said(EX + "p", Iri("urn:x"))], "jsonld", names=names)
    assert json.loads(written)["@graph"] == [{"@id": EX + "house", EX + "p": {"@id": "urn:x"}}]


def test_the_whole_context_defines_every_prefix_and_name():
    context = json.loads(whole_context(PREFIXES, NAMED))["@context"]
    assert set(context) == {*PREFIXES, *(short.name for short in NAMED.values())}
    assert context["linkedTo"] == {"@id": "org:linkedTo", "@type": "@id"}


@pytest.mark.parametrize("name", ["ttl", "nt", "trig", "jsonld", "rdf"])
@pytest.mark.parametrize("kept", [0, 10**6], ids=["large", "small"])
def test_a_graph_is_the_same_however_large_it_is(name: str, kept: int, monkeypatch):
    monkeypatch.setattr(serialising, "ORDERED", kept)
    triples = [triple for graph in nasty.GRAPHS.values() for triple in graph]
    out = BytesIO()
    write_graph(triples, name, EX + "g", out, SourceError)
    quads = list(ox.parse(out.getvalue(), format=ox.RdfFormat.from_extension(name)))
    assert isomorphic(
        read(nasty.as_nt(triples), "nt"), read(nasty.as_nt([quad.triple for quad in quads]), "nt")
    )
    named = {ox.NamedNode(EX + "g")} if name == "trig" else {ox.DefaultGraph()}
    assert {quad.graph_name for quad in quads} == named


@pytest.mark.parametrize("predicate", nasty.UNWRITABLE)
def test_a_predicate_that_rdf_xml_cannot_write_is_refused(predicate: str):
    statement = said(predicate, HOUSE)
    assert serialise([statement], "ttl") != b""
    with pytest.raises(NotAcceptable) as caught:
        serialise([statement], "rdf")
    assert caught.value.details["predicate"] == predicate


def test_a_control_character_is_refused_in_xml_alone():
    statement = said(EX + "p", Literal("a\x01b"))
    assert b"\\u0001" in serialise([statement], "jsonld")
    with pytest.raises(NotAcceptable) as caught:
        serialise([statement], "rdf")
    assert caught.value.key == "result-not-xml"


def test_json_ld_says_that_it_has_no_triple_terms():
    node = ox.NamedNode(EX + "a")
    triple = ox.Triple(node, node, ox.Triple(node, node, node))
    with pytest.raises(NotAcceptable) as caught:
        list(expressible([triple], "jsonld", NotAcceptable))
    assert caught.value.details["format"] == "JSON-LD"


def test_predicates_within_triple_terms_are_looked_at():
    node = ox.NamedNode(EX + "a")
    inner = ox.Triple(node, ox.NamedNode(RDF + "li"), node)
    with pytest.raises(NotAcceptable):
        list(expressible([ox.Triple(node, node, inner)], "rdf", NotAcceptable))
