"""Published terms keep their meaning: `published/<version>.tsv` lists the terms of each version.

Who adds a term appends its line to the list of the present version. A published term is never
removed or changed: see "Published terms" in docs/modelling.md.
"""

import csv
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, XSD

from kmn_ld import turtle
from kmn_ld.vocab import ONTOLOGY, PREFIXES
from tests.ontology.conftest import NAMESPACE

LISTS = sorted(
    (Path(__file__).parent / "published").glob("*.tsv"),
    key=lambda path: [int(part) for part in path.stem.split(".")],
)
KINDS = (
    OWL.AnnotationProperty, OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty, RDFS.Datatype,
)  # fmt: skip
MEANING = {"type": RDF.type, "domain": RDFS.domain, "range": RDFS.range}
COLUMNS = {**MEANING, "status": URIRef(PREFIXES["vs"] + "term_status")}
APPEND = "append each new term to the list of the present version; correct the status where it is"
KEEP = (
    "a published term does not go and keeps type, domain and range. Mark it owl:deprecated true, "
    "name its successor in dcterms:isReplacedBy, and give the ontology a new version: "
    "owl:versionInfo, owl:versionIRI, owl:priorVersion, a list here, a line in docs/changelog.md"
)


def published(path):
    """Return the lines of a list by the name of their term."""
    with path.open(encoding="utf-8", newline="") as file:
        return {line["term"]: line for line in csv.DictReader(file, delimiter="\t")}


def described(ontology):
    """Return what the ontology says of its terms, as the lines of a list."""
    terms = {term for kind in KINDS for term in ontology.subjects(RDF.type, kind)}
    lines = [line(ontology, term) for term in terms if term.startswith(NAMESPACE)]
    return {found["term"]: found for found in lines}


def line(ontology, term):
    cells = {
        column: " ".join(sorted(map(shown, ontology.objects(term, name))))
        for column, name in COLUMNS.items()
    }
    return {"term": turtle.shorten(term), **cells}


def shown(value):
    return turtle.shorten(value) if isinstance(value, URIRef) else str(value)


def lost(old, ontology):
    """Return the published terms that are gone or changed without a successor."""
    now = described(ontology)
    return [
        name
        for name, was in old.items()
        if any(was[column] != now.get(name, {}).get(column) for column in MEANING)
        and not is_replaced(ontology, URIRef(NAMESPACE + name.removeprefix("kmn:")))
    ]


def is_replaced(ontology, term):
    successors = list(ontology.objects(term, DCTERMS.isReplacedBy))
    return (term, OWL.deprecated, Literal(True)) in ontology and successors != []


@pytest.fixture
def changed(ontology):
    """A copy of the ontology, to be changed."""
    return Graph() + ontology


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_published_terms_keep_their_meaning(ontology, path):
    assert lost(published(path), ontology) == [], KEEP


def test_the_list_of_the_present_version_names_its_terms(ontology):
    version = ontology.value(URIRef(ONTOLOGY), OWL.versionInfo)
    listed = published(LISTS[0].with_name(f"{version}.tsv"))
    now = {term: found["status"] for term, found in described(ontology).items()}
    assert {term: found["status"] for term, found in listed.items()} == now, APPEND


def test_a_version_says_which_was_before_it(ontology):
    before = [path.stem for path in LISTS][:-1]
    (version,) = ontology.objects(URIRef(ONTOLOGY), OWL.versionInfo)
    assert str(version) == LISTS[-1].stem
    assert list(ontology.objects(URIRef(ONTOLOGY), OWL.priorVersion)) == [
        URIRef(f"{ONTOLOGY}/{name}") for name in before[-1:]
    ]


def test_a_removed_term_would_be_found(changed):
    changed.remove((URIRef(NAMESPACE + "inPillar"), None, None))
    assert lost(published(LISTS[0]), changed) == ["kmn:inPillar"]


def test_a_changed_range_would_be_found(changed):
    changed.set((URIRef(NAMESPACE + "minimumAge"), RDFS.range, XSD.string))
    assert lost(published(LISTS[0]), changed) == ["kmn:minimumAge"]


def test_a_replaced_term_may_change(changed):
    term = URIRef(NAMESPACE + "minimumAge")
    changed.set((term, RDFS.range, XSD.string))
    changed.set((term, OWL.deprecated, Literal(True)))
    changed.set((term, DCTERMS.isReplacedBy, URIRef(NAMESPACE + "maximumAge")))
    assert lost(published(LISTS[0]), changed) == []
