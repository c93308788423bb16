"""Modules are said in the ontology itself, and hold what stands in their files."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, VANN

from kmn_ld.vocab import ONTOLOGY
from tests.build.conftest import REPOSITORY
from tests.ontology.conftest import NAMESPACE

HEADER = URIRef(ONTOLOGY)
FILES = sorted((REPOSITORY / "ontology").glob("*.ttl"))
NAMES = [path.stem for path in FILES if path.stem not in ("kmn", "modules")]


@pytest.mark.parametrize("name", NAMES)
def test_a_module_has_the_terms_of_its_file(ontology, name):
    written = {
        term
        for term in Graph().parse(REPOSITORY / "ontology" / f"{name}.ttl").subjects()
        if str(term).startswith(NAMESPACE)
    }
    module = URIRef(f"{NAMESPACE}module-{name}")
    assert written
    assert set(ontology.objects(module, DCTERMS.hasPart)) == written


def test_there_is_a_module_for_each_file_each_with_a_place_of_its_own(ontology):
    modules = list(ontology.objects(HEADER, VANN.termGroup))
    assert sorted(modules) == [URIRef(f"{NAMESPACE}module-{name}") for name in NAMES]
    places = sorted(ontology.value(module, SDO.position) for module in modules)
    assert places == [Literal(number) for number in range(1, len(modules) + 1)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", [RDFS.label, DCTERMS.description])
def test_a_module_is_named_and_introduced_in_both_languages(ontology, name, text):
    module = URIRef(f"{NAMESPACE}module-{name}")
    assert (module, RDF.type, OWL.NamedIndividual) in ontology
    assert sorted(said.language for said in ontology.objects(module, text)) == ["de", "en"]


def test_what_a_class_of_others_is_used_for_is_told_in_both_languages_where_a_module_lists_it(
    ontology,
):
    listed = sorted(ontology.objects(None, DCTERMS.references))
    assert len(listed) >= 10
    assert sorted(set(ontology.subjects(SKOS.scopeNote))) == listed
    told = {
        term: sorted(text.language for text in ontology.objects(term, SKOS.scopeNote))
        for term in listed
    }
    assert {term: tags for term, tags in told.items() if tags != ["de", "en"]} == {}
