from io import BytesIO

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from kmn_ld.engine.rdfxml import element_name, stream_rdfxml, to_rdfxml
from kmn_ld.vocab import PREFIXES
from tests.engine.nasty import EX, GRAPHS, ORG, RDF, UNWRITABLE, as_nt

# rdflib looks at XML 1.0 names as its 4th edition has them, and warns of IRIs that it finds odd
NODE = ox.NamedNode(f"{EX}house")


def streamed(triples, prefixes):
    out = BytesIO()
    stream_rdfxml(triples, out.write, prefixes)
    return out.getvalue()


def graph(data, name):
    return rdflib.Graph().parse(data=data, format=name)


@pytest.mark.parametrize("write", [to_rdfxml, streamed])
@pytest.mark.parametrize("triples", GRAPHS.values(), ids=list(GRAPHS))
def test_two_readers_get_back_what_was_written(triples, write):
    written = write(triples, PREFIXES)
    read = ox.serialize(
        (quad.triple for quad in ox.parse(written, format=ox.RdfFormat.RDF_XML)),
        format=ox.RdfFormat.N_TRIPLES,
    )
    expected = graph(as_nt(triples), "nt")
    assert len(expected) == len(set(triples))
    assert isomorphic(expected, graph(read, "nt"))
    assert isomorphic(expected, graph(written, "xml"))


@pytest.mark.parametrize("name", ["p", "größe", "a.b-c", "_1", "nodeName"])
def test_a_predicate_with_a_name_at_its_end_is_read_back(name):
    triples = [ox.Triple(NODE, ox.NamedNode(f"{EX}1/{name}"), NODE)]
    assert isomorphic(graph(as_nt(triples), "nt"), graph(to_rdfxml(triples, PREFIXES), "xml"))


@pytest.mark.parametrize("iri", UNWRITABLE)
def test_what_can_be_no_element_has_no_name(iri):
    assert element_name(iri) is None


@pytest.mark.parametrize(
    ("iri", "parts"),
    [
        (f"{ORG}unitOf", (ORG, "unitOf")),
        (f"{EX}12a", (f"{EX}12", "a")),
        (f"{EX}a-1", (EX, "a-1")),
        (f"{RDF}_1", (RDF, "_1")),
    ],
)
def test_a_name_is_as_long_as_it_can_be(iri, parts):
    assert element_name(iri) == parts


def test_a_type_without_a_name_is_a_property():
    triples = [ox.Triple(NODE, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{EX}1"))]
    assert b'<rdf:type rdf:resource="https://example.org/1"/>' in to_rdfxml(triples, PREFIXES)


def test_a_type_with_a_name_is_the_element():
    triples = [ox.Triple(NODE, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{ORG}Site"))]
    assert b'<org:Site rdf:about="https://example.org/house">' in to_rdfxml(triples, PREFIXES)


def test_a_carriage_return_is_a_reference():
    triples = [ox.Triple(NODE, ox.NamedNode(f"{EX}p"), ox.Literal("a\r\nb"))]
    assert b">a&#13;\nb<" in to_rdfxml(triples, PREFIXES)


def test_a_prefix_of_the_same_name_as_ours_for_others_is_left_alone():
    prefixes = {"ns": f"{EX}known/"}
    inner = ox.Triple(NODE, ox.NamedNode(f"{EX}known/p"), NODE)
    triples = [ox.Triple(NODE, ox.NamedNode(f"{EX}p"), inner)]
    [quad] = ox.parse(to_rdfxml(triples, prefixes), format=ox.RdfFormat.RDF_XML)
    assert quad.triple == triples[0]


def test_triple_terms_and_base_directions_are_read_back():
    text = ox.Literal("a\rb", language="ar", direction=ox.BaseDirection("rtl"))
    inner = ox.Triple(NODE, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{ORG}Site"))
    deeper = ox.Triple(ox.BlankNode("1"), ox.NamedNode(f"{EX}p"), inner)
    triples = [ox.Triple(NODE, ox.NamedNode(f"{EX}p"), value) for value in (text, inner, deeper)]
    quads = ox.parse(to_rdfxml(triples, PREFIXES), format=ox.RdfFormat.RDF_XML)
    read = [quad.object for quad in quads]
    assert read[:2] == [text, inner]
    assert read[2].object == inner


def test_another_order_of_prefixes_does_not_matter():
    turned = dict(reversed(PREFIXES.items()))
    triples = GRAPHS["list"]
    assert to_rdfxml(triples, turned) == to_rdfxml(triples, PREFIXES)
