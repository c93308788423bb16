"""VoID, statement by statement; its numbers are counted again on the release."""

import pyoxigraph as ox
import pytest

from kmn_ld import catalogue
from kmn_ld.catalogue.targets import targets
from kmn_ld.catalogue.writing import VOID, VOID_DATASET
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.vocab import BASE, GRAPH
from tests.catalogue.conftest import SITE, Told, default_lines

LINKS = """
<https://w3id.org/kmn-ld/id/district/03101> <http://www.w3.org/2004/02/skos/core#exactMatch>
    <http://www.wikidata.org/entity/Q1> , <http://www.wikidata.org/entity/Q2> ;
    <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q1> ;
    <http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://example.org/elsewhere> .
"""


def _partitions(void, kind, *values):
    """Return (graph or None, term, values) of all partitions of the dataset and of its subsets."""
    wanted = " ".join(f"?part void:{name} ?{name} ." for name in values)
    names = " ".join(f"?{name}" for name in values)
    return void.rows(
        f"SELECT ?set ?term {names} {{ ?set void:{kind}Partition ?part ."
        f" ?part void:{kind} ?term . {wanted} }}"
    )


def _where(graph, pattern):
    return f"{{ {pattern} }}" if graph == VOID_DATASET else f"{{ GRAPH <{graph}> {{ {pattern} }} }}"


def _first(store, query):
    return tuple(int(term.value) for term in next(iter(store.query(query))))


def test_property_partitions_hold_what_sparql_counts(void, release, settings):
    store = open_store(release, settings.memory_triples)
    told = _partitions(void, "property", "triples", "distinctSubjects", "distinctObjects")
    counted = [
        _first(
            store,
            "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b)"
            + _where(graph, f"?s <{term}> ?o"),
        )
        for graph, term, *_ in told
    ]
    assert len(told) > 50
    assert [tuple(map(int, numbers)) for _, _, *numbers in told] == counted


def test_class_partitions_hold_what_sparql_counts(void, release, settings):
    store = open_store(release, settings.memory_triples)
    told = _partitions(void, "class", "entities")
    counted = [
        _first(store, "SELECT (COUNT(DISTINCT ?s) AS ?n)" + _where(graph, f"?s a <{term}>"))
        for graph, term, _ in told
    ]
    assert len(told) > 10
    assert [(int(number),) for _, _, number in told] == counted


@pytest.mark.parametrize("of", [VOID_DATASET, GRAPH + "organisations", GRAPH + "shapes"])
def test_sizes_are_what_sparql_counts(void, release, settings, of):
    store = open_store(release, settings.memory_triples)
    told = void.rows(
        f"SELECT ?t ?s ?o ?c ?p {{ <{of}> void:triples ?t ; void:distinctSubjects ?s ;"
        " void:distinctObjects ?o ; void:classes ?c ; void:properties ?p }"
    )
    counted = _first(
        store,
        "SELECT (COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?oo)"
        " (COUNT(DISTINCT ?class) AS ?c) (COUNT(DISTINCT ?p) AS ?pp)"
        + _where(of, "?s ?p ?o BIND(IF(?p = <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
                 " && isIRI(?o), ?o, ?none) AS ?class)"),
    )  # fmt: skip
    assert [tuple(map(int, row)) for row in told] == [counted]


def test_the_document_is_a_description_of_the_dataset_that_names_its_graphs(void):
    assert void.ask(
        f"<{VOID}> a void:DatasetDescription ; foaf:primaryTopic <{VOID_DATASET}> ;"
        f" foaf:topic <{GRAPH}shapes> . <{VOID_DATASET}> a void:Dataset"
    )


def test_access_is_by_addresses_of_the_server(void):
    assert void.ask(
        f"<{VOID_DATASET}> void:sparqlEndpoint <https://data.example.org/sparql> ;"
        " void:dataDump <https://data.example.org/dump/network.ttl> ,"
        " <https://data.example.org/dump/network.nt> ;"
        " void:feature <http://www.w3.org/ns/formats/Turtle>"
    )


def test_uri_space_examples_and_vocabularies_are_those_of_the_data(void):
    assert void.ask(
        f'<{VOID_DATASET}> void:uriSpace "{BASE}" ; void:exampleResource <{BASE}id/network> ;'
        " void:vocabulary <http://www.w3.org/ns/org#> , <http://www.w3.org/2004/02/skos/core#>"
    )


def test_graphs_of_the_default_graph_are_subsets_and_shapes_are_not(void):
    rows = void.rows(f"SELECT ?g {{ <{VOID_DATASET}> void:subset ?g . ?g a void:Dataset }}")
    subsets = {row[0] for row in rows}
    assert subsets == {GRAPH + name for name in ("network", "organisations", "ontology")}
    assert void.ask(f"<{GRAPH}shapes> a void:Dataset ; void:triples ?n")


def test_release_and_draft_are_told(void, release):
    assert void.ask(
        f'<{VOID_DATASET}> owl:versionInfo "{release.id}" ; dcterms:issued ?time ;'
        " dcterms:title ?title"
        ' FILTER(CONTAINS(?title, "Entwurf, keine amtliche Veröffentlichung"))'
    )


def test_an_official_dataset_is_no_draft(release, statistics):
    told = Told(catalogue.describe_dataset(release, statistics, SITE, official=True))
    assert "Entwurf" not in told.text
    assert "Draft" not in told.text


def test_links_into_data_of_others_are_counted_by_property(release, settings):
    store = open_store(release, settings.memory_triples)
    store.load(LINKS.encode(), format=ox.RdfFormat.TURTLE)
    statistics = catalogue.count(TrustedStore(store), default_lines(store))
    told = Told(catalogue.describe_dataset(release, statistics, SITE, official=False))
    rows = told.rows(
        "SELECT ?p ?n ?space { ?set a void:Linkset ; void:linkPredicate ?p ; void:triples ?n ;"
        f" void:subjectsTarget <{VOID_DATASET}> ; void:objectsTarget ?other ."
        " ?other a void:Dataset ; void:uriSpace ?space ; dcterms:title ?title ; foaf:homepage ?page"
        f" . <{VOID_DATASET}> void:subset ?set FILTER(CONTAINS(?space, 'wikidata')) }} ORDER BY ?p"
    )
    space = "http://www.wikidata.org/entity/"
    assert rows == [
        ("http://www.w3.org/2002/07/owl#sameAs", "1", space),
        ("http://www.w3.org/2004/02/skos/core#exactMatch", "2", space),
    ]


def test_what_is_said_of_a_graph_is_repeated_and_summed_up(release, settings):
    store = open_store(release, settings.memory_triples)
    graph = f"<{GRAPH}network> <http://purl.org/dc/terms/"
    other = f"<{GRAPH}organisations> <http://purl.org/dc/terms/"
    day = "^^<http://www.w3.org/2001/XMLSchema#date>"
    text = (
        f'{graph}license> <urn:licence> .\n{graph}modified> "2026-01-02"{day} .\n'
        f'{other}license> <urn:licence> .\n{other}modified> "2026-03-04"{day} .\n'
        f"{other}publisher> <urn:publisher> .\n"
    )
    store.load(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    statistics = catalogue.count(TrustedStore(store), default_lines(store))
    told = Told(catalogue.describe_dataset(release, statistics, SITE, official=False))
    rows = told.rows(
        f"SELECT ?l ?m ?p {{ <{VOID_DATASET}> dcterms:license ?l ; dcterms:modified ?m ;"
        " dcterms:publisher ?p }"
    )
    assert rows == [("urn:licence", "2026-03-04", "urn:publisher")]
    assert told.ask(f"<{GRAPH}network> dcterms:license <urn:licence>")


def test_no_node_is_blank_and_the_same_release_gives_the_same_bytes(void, release, statistics):
    again = Told(catalogue.describe_dataset(release, statistics, SITE, official=False))
    assert "_:" not in void.text
    assert again.text == void.text


def test_targets_are_apart():
    spaces = [target.space for target in targets().values()]
    assert len(spaces) >= 5
    assert not [s for s in spaces for other in spaces if s != other and s.startswith(other)]
