"""The service description, clause by clause (SPARQL 1.1 Service Description, section 3)."""

from dataclasses import replace

import pytest

from kmn_ld import catalogue
from kmn_ld.catalogue.writing import VOID_DATASET
from kmn_ld.vocab import BASE, GRAPH
from kmn_ld.web.examples import library
from tests.catalogue.conftest import SITE, Told

ENDPOINT = "https://data.example.org/sparql"
SCHEMA = {
    "Service": (
        *("endpoint", "supportedLanguage", "resultFormat", "defaultEntailmentRegime"),
        *("extensionFunction", "defaultDataset", "availableGraphs"),
    ),
    "Dataset": ("defaultGraph", "namedGraph"),
    "GraphCollection": ("namedGraph",),
    "NamedGraph": ("name", "graph"),
}
"""Class → properties that its instances may have (the vocabulary's domains)."""


def test_the_service_names_its_endpoint_which_clients_look_for_by_address(service):
    """SPARQL 1.1 Service Description, 3.2.1."""
    assert service.ask(f"<{ENDPOINT}> a sd:Service ; sd:endpoint <{ENDPOINT}>")


def test_the_language_is_sparql_11_query_and_no_update(service):
    rows = service.rows(f"SELECT ?l {{ <{ENDPOINT}> sd:supportedLanguage ?l }}")
    assert rows == [("http://www.w3.org/ns/sparql-service-description#SPARQL11Query",)]


@pytest.mark.parametrize(
    "name",
    [
        *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
        *("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML"),
    ],
)
def test_result_formats_have_their_iris_at_w3c(service, name):
    assert service.ask(f"<{ENDPOINT}> sd:resultFormat <http://www.w3.org/ns/formats/{name}>")


def test_no_feature_is_claimed(service):
    """SPARQL 1.1 Service Description, 3.2.2 and 3.4.4-3.4.8."""
    assert not service.ask("?service sd:feature ?feature")


def test_entailment_is_simple(service):
    simple = "<http://www.w3.org/ns/entailment/Simple>"
    assert service.ask(f"<{ENDPOINT}> sd:defaultEntailmentRegime {simple}")


def test_the_default_graph_has_its_counts_and_partitions(service):
    assert service.ask(
        f"<{ENDPOINT}> sd:defaultDataset ?d . ?d a sd:Dataset ; sd:defaultGraph <{VOID_DATASET}> ."
        f" <{VOID_DATASET}> a sd:Graph ; void:triples ?n ; void:distinctSubjects ?s ;"
        " void:propertyPartition [ void:property rdf:type ; void:triples ?types ] ;"
        " void:classPartition [ void:class org:Organization ; void:entities ?organisations ]"
    )


def test_the_default_graph_has_no_uri_space_which_would_hide_links_to_others(service):
    assert not service.ask("?graph void:uriSpace|void:vocabulary ?any")


def test_each_named_graph_is_in_the_dataset_with_its_size(service, release):
    rows = service.rows(
        "SELECT ?name ?n { ?d a sd:Dataset ; sd:namedGraph ?g . ?g a sd:NamedGraph ;"
        " sd:name ?name ; sd:graph ?graph . ?graph void:triples ?n } ORDER BY ?name"
    )
    assert len(rows) == 4
    assert {name: int(number) for name, number in rows} == release.manifest.graphs


def test_named_graphs_count_once_for_planners_that_add_up(service):
    rows = service.rows("SELECT ?g { ?g a ?type ; void:triples ?n }")
    assert rows == [(VOID_DATASET,)]


def test_each_named_graph_may_be_named_in_a_query(service):
    rows = service.rows(
        f"SELECT ?name {{ <{ENDPOINT}> sd:availableGraphs ?all . ?all a sd:GraphCollection ;"
        " sd:namedGraph ?g . ?g sd:name ?name }"
    )
    assert (f"{GRAPH}shapes",) in rows
    assert len(rows) == 4


@pytest.mark.parametrize("language", ["de", "en"])
def test_limits_are_told_in_words(service, settings, language):
    (row,) = service.rows(
        f"SELECT ?text {{ <{ENDPOINT}> dcterms:description ?text"
        f" FILTER(LANG(?text) = '{language}') }}"
    )
    for limit in (settings.query_seconds, settings.query_memory_mb, settings.queries_per_client):
        assert f"{limit} " in row[0]


def test_no_limit_of_memory_is_told_where_another_engine_answers(release, statistics, settings):
    behind = replace(settings, endpoint="https://example.org/sparql")
    service = catalogue.describe_service(release, statistics, SITE, behind, library(release))
    rows = Told(service).rows(f"SELECT ?text {{ <{ENDPOINT}> dcterms:description ?text }}")
    assert len(rows) == 2
    assert f"{settings.query_memory_mb} " not in "".join(text for (text,) in rows)


def test_example_queries_are_executables_with_this_endpoint_as_target(service):
    assert service.ask(
        f"<{ENDPOINT}> rdfs:seeAlso <{BASE}queries/age> . <{BASE}queries/age>"
        f" a sh:SPARQLExecutable ; schema:target <{ENDPOINT}> ; rdfs:label 'Beispiel age'@de"
    )


def test_release_and_draft_are_told(service, release):
    assert service.ask(
        f'<{ENDPOINT}> owl:versionInfo "{release.id}" ; dcterms:issued ?time ;'
        ' dcterms:title ?title FILTER(CONTAINS(?title, "keine amtliche Veröffentlichung"))'
    )


def test_extension_functions_are_those_of_the_engine_inside(service):
    assert service.ask(
        f"<{ENDPOINT}> sd:extensionFunction"
        " <http://www.opengis.net/def/function/geosparql/distance>"
    )


def test_another_engine_is_not_said_to_have_our_extension_functions(release, statistics, settings):
    remote = settings.with_changes(endpoint="http://127.0.0.1:1/sparql")
    told = Told(catalogue.describe_service(release, statistics, SITE, remote, ()))
    assert not told.ask("?service sd:extensionFunction ?function")


def test_a_dataset_as_it_stands_is_not_said_to_have_all_in_its_default_graph(
    release, statistics, settings
):
    manifest = replace(release.manifest, kind="dataset")
    told = Told(
        catalogue.describe_service(
            replace(release, manifest=manifest), statistics, SITE, settings, ()
        )
    )
    assert not told.ask("?dataset a sd:Dataset ; dcterms:description ?text")


def test_no_node_is_blank_and_the_same_release_gives_the_same_bytes(
    service, release, statistics, settings
):
    again = Told(catalogue.describe_service(release, statistics, SITE, settings, library(release)))
    assert "_:" not in service.text
    assert again.text == service.text


def test_the_description_conforms_to_the_schema(service):
    """W3C test conforms-to-schema: properties stand at instances of the classes they are for."""
    used = service.rows(
        "SELECT DISTINCT ?type ?p { ?s ?p ?o OPTIONAL { ?s a ?type FILTER(CONTAINS(STR(?type),"
        " 'sparql-service-description#')) } FILTER(STRSTARTS(STR(?p), STR(sd:))) }"
    )
    told = {(kind and kind.partition("#")[2], name.partition("#")[2]) for kind, name in used}
    assert told == {(kind, name) for kind, names in SCHEMA.items() for name in names}
