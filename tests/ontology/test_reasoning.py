"""Independent OWL software reads the ontology, and finds it consistent with the data."""

from collections import Counter

import owlrl
import pyhornedowl
import pytest
from rdflib import OWL, RDF, Graph, Namespace, URIRef

from tests.ontology.conftest import NAMESPACE

ERROR = Namespace("http://www.daml.org/2002/03/agents/agent-ont#").error
"""How owlrl says that there is a contradiction."""


@pytest.fixture(scope="module")
def axioms(ontology, tmp_path_factory):
    path = tmp_path_factory.mktemp("owl") / "ontology.rdf"
    ontology.serialize(path, format="xml", encoding="utf-8")
    read = pyhornedowl.open_ontology(str(path))
    return [axiom.component for axiom in read.get_axioms()]


def closure(*graphs):
    merged = Graph()
    for graph in graphs:
        merged += graph
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(merged)
    return merged


def contradictions(graph):
    return [str(message) for message in graph.objects(None, ERROR)]


def test_another_reader_finds_every_class_and_property(axioms, ontology):
    declared = Counter(type(axiom).__name__ for axiom in axioms)
    for kind, name in (
        (OWL.Class, "DeclareClass"),
        (OWL.ObjectProperty, "DeclareObjectProperty"),
        (OWL.DatatypeProperty, "DeclareDataProperty"),
        (OWL.AnnotationProperty, "DeclareAnnotationProperty"),
    ):
        assert declared[name] == len(set(ontology.subjects(RDF.type, kind)))


def test_what_is_said_about_terms_is_annotation_not_assertion(axioms):
    """OWL 2 DL: a property that is not declared would make each note a fact about an individual."""
    kinds = Counter(type(axiom).__name__ for axiom in axioms)
    assert kinds["AnnotationAssertion"] > 100
    assert kinds["DataPropertyAssertion"] + kinds["ObjectPropertyAssertion"] == 0


def test_ontology_and_data_do_not_contradict_each_other(ontology, data):
    whole = closure(ontology, data)
    assert len(whole) > len(ontology) + len(data)
    assert contradictions(whole) == []


def test_a_contradiction_would_be_found(ontology):
    wrong = Graph()
    thing = URIRef("https://example.org/thing")
    wrong.add((thing, RDF.type, URIRef(NAMESPACE + "Pillar")))
    wrong.add((thing, RDF.type, URIRef(NAMESPACE + "Goal")))
    assert contradictions(closure(ontology, wrong)) != []
