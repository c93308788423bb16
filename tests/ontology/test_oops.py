"""Pitfalls of OOPS! that can be told by looking at the ontology (domain model, section 5)."""

import re
from collections import Counter

import pytest
from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, VANN

from kmn_ld.validation.terms import _outside
from kmn_ld.vocab import ONTOLOGY, PREFIXES
from tests.ontology.conftest import NAMESPACE

PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)


@pytest.fixture(scope="module")
def classes(ontology):
    return sorted(
        one for one in ontology.subjects(RDF.type, OWL.Class) if one.startswith(NAMESPACE)
    )


@pytest.fixture(scope="module")
def properties(ontology):
    return sorted(
        one
        for kind in PROPERTIES
        for one in ontology.subjects(RDF.type, kind)
        if one.startswith(NAMESPACE)
    )


def links(ontology, name):
    """Return subject → objects of one property."""
    return {one: set(ontology.objects(one, name)) for one in ontology.subjects(name)}


def reaches(graph, start):
    """Return what can be reached from `start` in one step or more."""
    found, waiting = set(), list(graph.get(start, ()))
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += graph.get(step, ())
    return found


def test_p04_no_term_is_left_alone(ontology, classes, properties):
    linking = (RDFS.domain, RDFS.range, RDFS.subClassOf, OWL.disjointWith)
    named = {value for name in linking for value in ontology.objects(None, name)}
    used = named | {one for one in classes if ontology.value(one, RDFS.subClassOf)}
    assert [one for one in classes if one not in used] == []


def test_p05_p25_inverses_fit(ontology):
    pairs = list(ontology.subject_objects(OWL.inverseOf))
    assert pairs
    assert [one for one, other in pairs if one == other] == []
    crossed = [
        (one, other)
        for one, other in pairs
        for mine, others in ((RDFS.domain, RDFS.range), (RDFS.range, RDFS.domain))
        if (here := ontology.value(one, mine)) and (there := ontology.value(other, others))
        if here != there
    ]
    assert crossed == []


def test_p06_no_class_or_property_is_above_itself(ontology):
    for name in (RDFS.subClassOf, RDFS.subPropertyOf):
        above = links(ontology, name)
        assert [one for one in above if one in reaches(above, one)] == []


def test_p10_sibling_classes_are_disjoint(ontology, classes):
    disjoint = {frozenset(pair) for pair in ontology.subject_objects(OWL.disjointWith)}
    siblings = {
        frozenset((one, other))
        for one in classes
        for other in classes
        if one < other
        and set(ontology.objects(one, RDFS.subClassOf))
        & set(ontology.objects(other, RDFS.subClassOf))
    }
    assert siblings
    assert sorted(map(sorted, siblings - disjoint)) == []


def test_p11_p19_every_property_has_one_domain_and_one_range(ontology, properties):
    counts = {
        one: [len(list(ontology.objects(one, name))) for name in (RDFS.domain, RDFS.range)]
        for one in properties
    }
    assert len(counts) > 30
    assert {one: pair for one, pair in counts.items() if pair != [1, 1]} == {}


def test_p22_names_follow_one_rule(classes, properties):
    odd = [one for one in classes if not re.fullmatch(r"[A-Z][A-Za-z0-9]+", _name(one))]
    odd += [one for one in properties if not re.fullmatch(r"[a-z][A-Za-z0-9]+", _name(one))]
    assert odd == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_p32_no_two_terms_of_a_kind_have_one_label(ontology, terms, language):
    labels = Counter(
        (str(label).lower(), ontology.value(term, RDF.type))
        for term in terms
        for label in ontology.objects(term, RDFS.label)
        if label.language == language
    )
    assert [label for label, count in labels.items() if count > 1] == []


def test_p34_p35_every_term_has_a_type(ontology, terms):
    assert [term for term in terms if ontology.value(term, RDF.type) is None] == []
    ours = {value for triple in ontology for value in triple if str(value).startswith(NAMESPACE)}
    modules = set(ontology.objects(URIRef(ONTOLOGY), VANN.termGroup))
    assert {value for value in ours if isinstance(value, URIRef)} <= {*terms, *modules}


def test_p36_p39_the_iri_has_no_file_ending():
    assert "." not in ONTOLOGY.rsplit("/", 1)[1]
    assert f"{ONTOLOGY}#" == NAMESPACE


def test_the_label_says_the_name(ontology, terms):
    """A reader who knows the label finds the term (schema.org has the same rule)."""
    odd = [
        (term, str(label))
        for term in terms
        for label in ontology.objects(term, RDFS.label)
        if label.language == "en" and _squeezed(str(label)) != _name(term).lower()
    ]
    assert odd == []


def test_definitions_are_sentences(ontology, terms):
    texts = [text for term in terms for text in ontology.objects(term, SKOS.definition)]
    assert [text for text in texts if not text.endswith(".")] == []


def test_superclasses_exist(ontology, classes):
    above = {value for one in classes for value in ontology.objects(one, RDFS.subClassOf)}
    assert [one for one in above if one.startswith(NAMESPACE) and one not in classes] == []


def _name(term):
    return term.removeprefix(NAMESPACE)


def _squeezed(label):
    return re.sub(r"[^a-z0-9]", "", label.lower())


def test_p13_links_between_things_have_the_inverses_that_queries_need(ontology, properties):
    """Inverses only where a query needs them (domain model, section 4); here they are."""
    pairs = {
        frozenset((_name(one), _name(other)))
        for one, other in ontology.subject_objects(OWL.inverseOf)
        if one in properties
    }
    assert pairs == {frozenset(("provides", "providedBy")), frozenset(("hasClaim", "claimAbout"))}


def test_p26_no_inverse_of_a_symmetric_property(ontology):
    symmetric = set(ontology.subjects(RDF.type, OWL.SymmetricProperty))
    assert (
        symmetric & {one for pair in ontology.subject_objects(OWL.inverseOf) for one in pair}
        == set()
    )


def test_p38_p41_there_is_an_ontology_and_it_has_a_licence(ontology):
    (header,) = ontology.subjects(RDF.type, OWL.Ontology)
    assert isinstance(ontology.value(header, DCTERMS.license), URIRef)


def test_p40_outside_terms_are_those_that_their_vocabularies_have(ontology):
    """Against the copies of the vocabularies (kmn_ld/vocabularies, rdflib)."""
    spaces = tuple(space for prefix, space in PREFIXES.items() if prefix not in ("kmn", "kms"))
    used = {str(term) for triple in ontology for term in triple if isinstance(term, URIRef)}
    outside = {term for term in used if term.startswith(spaces) and term not in spaces}
    assert len(outside) > 60
    assert sorted(outside - _outside()) == []
