"""What is counted is what a plain count of the release's lines finds."""

import pyoxigraph as ox
import pytest

from kmn_ld import catalogue, releases
from kmn_ld.catalogue import statistics as counting
from kmn_ld.catalogue.statistics import Counts, Size, Statistics
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.vocab import BASE, GRAPH
from tests.catalogue.conftest import default_lines

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TRIG = """
<https://example.org/a> <https://example.org/p> "1" , _:b .
<https://example.org/g> {
    <https://example.org/a> a <https://example.org/C> , _:anonymous ;
        <https://example.org/p> <http://www.wikidata.org/entity/Q1> .
    _:b a <https://example.org/C> .
}
_:unnamed { <https://example.org/x> <https://example.org/p> "2" }
"""


def _counted(trig):
    store = ox.Store()
    store.load(trig.encode(), format=ox.RdfFormat.TRIG)
    return catalogue.count(TrustedStore(store), default_lines(store))


def _plain(triples):
    """Count triples with sets of Python's."""
    by_property = {}
    by_class = {}
    for triple in triples:
        by_property.setdefault(triple.predicate.value, []).append(triple)
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode):
            by_class.setdefault(triple.object.value, set()).add(triple.subject)
    return Counts(
        _size(triples),
        len(by_class),
        len(by_property),
        {iri: len(found) for iri, found in by_class.items()},
        {iri: _size(found) for iri, found in by_property.items()},
    )


def _size(triples):
    subjects = {triple.subject for triple in triples}
    return Size(len(triples), len(subjects), len({triple.object for triple in triples}))


def test_the_default_graph_is_counted_as_its_file_has_it(release, statistics):
    lines = release.path(releases.DEFAULT).read_bytes()
    triples = [quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)]
    assert len(triples) > 50
    assert statistics.default == _plain(triples)


@pytest.mark.parametrize("name", ["network", "organisations", "ontology", "shapes"])
def test_a_named_graph_is_counted_as_the_content_has_it(release, statistics, name):
    content = release.path(releases.CONTENT).read_bytes()
    quads = ox.parse(content, format=ox.RdfFormat.N_QUADS)
    triples = [quad.triple for quad in quads if quad.graph_name.value == GRAPH + name]
    assert len(triples) > 1
    assert statistics.named[GRAPH + name] == _plain(triples)


def test_entities_are_the_subjects_with_an_iri_of_ours(release, statistics):
    lines = release.path(releases.DEFAULT).read_bytes()
    subjects = {quad.subject for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)}
    ours = [s for s in subjects if isinstance(s, ox.NamedNode) and s.value.startswith(BASE)]
    assert (statistics.entities, statistics.ours) == (len(ours), True)


def test_examples_are_things_of_ours_and_no_parts(statistics):
    assert len(statistics.examples) > 5
    assert [iri for iri in statistics.examples if "/id/" not in iri or "#" in iri] == []


def test_counts_are_read_back_as_they_were_written(statistics):
    assert Statistics.from_json(statistics.to_json()) == statistics


def test_a_dataset_without_iris_of_ours_counts_all_subjects_with_an_iri():
    counted = _counted(TRIG)
    assert (counted.entities, counted.ours) == (1, False)


def test_what_has_no_iri_is_no_graph_no_class_and_no_example():
    counted = _counted(TRIG)
    assert list(counted.named) == ["https://example.org/g"]
    assert counted.named["https://example.org/g"].by_class == {"https://example.org/C": 2}
    assert counted.examples == []


def test_an_empty_dataset_counts_nothing():
    counted = _counted("")
    assert counted.default == Counts(Size(0, 0, 0), 0, 0, {}, {})
    assert (counted.entities, counted.graphs, counted.links) == (0, 0, [])


def test_of_many_graphs_only_the_sizes_are_counted(monkeypatch):
    monkeypatch.setattr(counting, "MOST_IN_DETAIL", 0)
    assert _counted(TRIG).named == {"https://example.org/g": Counts(Size(4, 2, 3))}


def test_of_very_many_graphs_the_largest_are_kept(monkeypatch):
    monkeypatch.setattr(counting, "MOST_GRAPHS", 1)
    counted = _counted(TRIG + "<https://example.org/a> { <urn:a> <urn:b> <urn:c> }")
    assert (list(counted.named), counted.graphs) == (["https://example.org/g"], 2)


def test_of_too_many_terms_none_is_listed_but_all_are_counted(monkeypatch):
    monkeypatch.setattr(counting, "MOST_TERMS", 0)
    counted = _counted(TRIG).default
    assert (counted.properties, counted.by_property) == (1, None)


def test_facts_of_a_graph_are_terms_again():
    counted = _counted(
        "<urn:g> { <urn:g> <http://purl.org/dc/terms/title> 'Ein Graph'@de ;"
        " <http://purl.org/dc/terms/license> <urn:licence> }"
    )
    assert counted.facts == {}  # the default graph says nothing
    told = _counted(
        "<urn:g> <http://purl.org/dc/terms/title> 'Ein Graph'@de ;"
        " <http://purl.org/dc/terms/license> <urn:licence> . <urn:g> { <urn:a> <urn:b> 1 }"
    )
    assert [fact.term for fact in told.facts["urn:g"]] == [
        Iri("urn:licence"),
        Literal("Ein Graph", "de"),
    ]
