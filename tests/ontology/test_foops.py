"""The criteria of FOOPS! that need neither the operator nor the network (domain model, section 5).

Written anew from the descriptions in the catalogue of FOOPS!. Three are the operator's: FIND2
(the prefix in prefix.cc or LOV), URI2 (the redirect at w3id.org) and the DOI of OM3.
"""

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, RDFS, SDO, SKOS, VANN

from kmn_ld.vocab import ONTOLOGY, PREFIXES
from tests.ontology.conftest import NAMESPACE

HEADER = URIRef(ONTOLOGY)
BIBO = PREFIXES["bibo"]
PERMANENT = ("w3id.org", "purl.org", "doi.org", "w3.org", "data.europa.eu")
RDF_TYPES = ("text/turtle", "application/rdf+xml", "application/ld+json")


def said(ontology, *properties):
    """Return the given properties that the header does not have."""
    return [name for name in properties if not list(ontology.objects(HEADER, URIRef(name)))]


def test_purl1_the_iri_is_a_permanent_one():
    assert ONTOLOGY.split("/")[2] in PERMANENT


def test_http1_the_iri_is_one_of_the_web():
    assert ONTOLOGY.startswith("https://")


def test_there_is_one_ontology_and_it_has_our_iri(ontology):
    assert list(ontology.subjects(RDF.type, OWL.Ontology)) == [HEADER]


def test_ver1_the_version_has_an_iri_of_its_own(ontology):
    (version,) = ontology.objects(HEADER, OWL.versionIRI)
    assert isinstance(version, URIRef)
    assert version != HEADER
    assert str(version) == f"{ONTOLOGY}/{ontology.value(HEADER, OWL.versionInfo)}"


def test_om1_the_least_is_said(ontology):
    names = (DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionIRI, DCTERMS.creator)
    assert said(ontology, *names, VANN.preferredNamespaceUri) == []


def test_om2_what_is_recommended_is_said(ontology):
    names = (VANN.preferredNamespacePrefix, OWL.versionInfo, DCTERMS.created, DCTERMS.contributor)
    assert said(ontology, *names, DCTERMS.bibliographicCitation) == []


def test_om3_what_goes_into_detail_is_said_but_for_the_doi(ontology):
    names = (DCTERMS.publisher, FOAF.logo, BIBO + "status", DCTERMS.source, DCTERMS.issued)
    assert said(ontology, *names, DCTERMS.modified) == []  # this is the first version
    assert said(ontology, BIBO + "doi") == [BIBO + "doi"]  # made up would be worse than missing


def test_om4_1_the_licence_is_an_iri(ontology):
    assert [type(value) for value in ontology.objects(HEADER, DCTERMS.license)] == [URIRef]


def test_om5_provenance_is_said(ontology):
    names = (DCTERMS.creator, DCTERMS.created, DCTERMS.issued, DCTERMS.publisher)
    assert said(ontology, *names) == []


def test_find1_prefix_and_namespace_are_ours(ontology):
    assert str(ontology.value(HEADER, VANN.preferredNamespacePrefix)) == "kmn"
    assert str(ontology.value(HEADER, VANN.preferredNamespaceUri)) == NAMESPACE
    assert NAMESPACE.lower() == NAMESPACE


def test_find3_the_ontology_is_in_a_catalogue(ontology):
    assert said(ontology, SDO.includedInDataCatalog) == []


def test_voc1_the_metadata_use_known_vocabularies(ontology):
    used = {str(name) for name in ontology.predicates(HEADER)}
    known = tuple(PREFIXES[name] for name in ("dcterms", "vann", "bibo", "owl"))
    assert all(any(name.startswith(space) for name in used) for space in known)


def test_voc2_outside_terms_are_reused(ontology, terms):
    outside = {
        value
        for term in terms
        for value in ontology.objects(term, RDFS.subClassOf | RDFS.subPropertyOf)
        if not str(value).startswith(NAMESPACE)
    }
    assert len(outside) >= 5


@pytest.mark.parametrize("name", [RDFS.label, RDFS.comment, SKOS.definition, SKOS.editorialNote])
def test_voc3_voc4_every_term_is_named_and_explained_in_both_languages(ontology, terms, name):
    languages = {
        term: sorted(text.language or "" for text in ontology.objects(term, name)) for term in terms
    }
    assert {term: tags for term, tags in languages.items() if tags != ["de", "en"]} == {}


@pytest.mark.parametrize("accept", ["text/html", *RDF_TYPES])
def test_cn1_doc1_uri1_the_ontology_answers_people_and_machines(client, accept):
    answer = client.get("/def", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, accept)


def test_ver2_the_version_answers(client, engine):
    (row,) = engine.rows(
        "SELECT ?version WHERE { GRAPH ?g { ?o <http://www.w3.org/2002/07/owl#versionIRI> ?version"
        " FILTER(?o = <https://w3id.org/kmn-ld/def>) } }"
    )
    path = row["version"].value.removeprefix("https://w3id.org/kmn-ld")
    answer = client.get(path, headers={"Accept": "text/turtle"})
    graph = Graph().parse(answer.data, format="turtle")
    assert graph.value(HEADER, OWL.versionIRI) == URIRef(row["version"].value)


def test_no_term_is_a_blank_node(ontology):
    lists = {node for node in ontology.subjects(RDF.first) if isinstance(node, BNode)}
    assert {one for one in ontology.subjects() if isinstance(one, BNode)} <= lists


def _abandoned(ontology):
    """Return the deprecated terms that do not say what replaces them."""
    old = ontology.subjects(OWL.deprecated, Literal(True))
    return [term for term in old if ontology.value(term, DCTERMS.isReplacedBy) is None]


def test_deprecated_terms_say_what_replaces_them(ontology):
    assert _abandoned(ontology) == []


def test_a_deprecated_term_without_a_successor_would_be_found():
    """There is none yet, so the rule is tried on one that is made up."""
    term = URIRef(NAMESPACE + "old")
    graph = Graph()
    graph.add((term, OWL.deprecated, Literal(True)))
    assert _abandoned(graph) == [term]


def test_every_concept_is_named_and_explained_in_both_languages(data):
    concepts = {one for one in data.subjects(SKOS.inScheme) if isinstance(one, URIRef)}
    assert len(concepts) > 50
    poor = {
        (concept, name)
        for concept in concepts
        for name in (SKOS.prefLabel, SKOS.definition)
        if sorted(text.language for text in data.objects(concept, name)) != ["de", "en"]
    }
    assert poor == set()
