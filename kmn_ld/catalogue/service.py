"""Describes the SPARQL endpoint (SPARQL 1.1 Service Description)."""

from collections.abc import Iterable

from kmn_ld.catalogue.publishing import say_release, say_title
from kmn_ld.catalogue.statistics import Counts, Statistics
from kmn_ld.catalogue.writing import FORMAT_IRIS, VOID_DATASET, Description, Site, fragment
from kmn_ld.config import Settings
from kmn_ld.engine.functions import EXTENSION_FUNCTIONS
from kmn_ld.engine.terms import Literal, Statement
from kmn_ld.formats import GRAPHS, SOLUTIONS
from kmn_ld.messages import LANGUAGES
from kmn_ld.queries import LibraryQuery
from kmn_ld.releases import Release
from kmn_ld.vocab import ENTAILMENT

_MEBIBYTE = 1024 * 1024
_RDF_DATASET = "tag:w3id.org,2026:kmn-ld:sparql:dataset"
"""Name of what a query sees that names no graph itself.

In every syntax it stands behind the service, whose address sorts before it: Comunica (5.4) looks
for its default graph only when it has read that it is the dataset of the service.
"""


def describe_service(
    release: Release,
    statistics: Statistics,
    site: Site,
    settings: Settings,
    library: Iterable[LibraryQuery],
) -> list[Statement]:
    """Return the service description of an endpoint over a release (section 3).

    `library` are the example queries of the release.

    The service is named by its address: clients look for statements about that. No feature is
    listed (section 3.2.2), because none is true (3.4.4-3.4.8): IRIs are not dereferenced, the
    default graph leaves the shapes out (not `sd:UnionDefaultGraph`), an RDF dataset need not be
    named, no graph is empty, other services are not asked.
    """
    told = Description()
    service = site.endpoint
    told.add(service, "rdf:type", "sd:Service")
    told.add(service, "sd:endpoint", service)
    told.add(service, "sd:supportedLanguage", "sd:SPARQL11Query")
    told.add(service, "sd:resultFormat", *(FORMAT_IRIS[name] for name in (*SOLUTIONS, *GRAPHS)))
    told.add(service, "sd:defaultEntailmentRegime", f"{ENTAILMENT}Simple")
    if not settings.endpoint:
        told.add(service, "sd:extensionFunction", *EXTENSION_FUNCTIONS)
    say_title(told, service, "service", official=settings.official)
    say_release(told, service, release, statistics)
    _describe_limits(told, service, settings)
    _describe_graphs(told, service, release, statistics)
    _describe_examples(told, service, library)
    return told.statements


def _describe_limits(told: Description, service: str, settings: Settings) -> None:
    """Say the limits in words: no vocabulary in use has terms for them."""
    inside, elsewhere = "catalogue.service.limits", "catalogue.service.limits-elsewhere"
    told.say(
        service,
        "dcterms:description",
        elsewhere if settings.endpoint else inside,
        seconds=settings.query_seconds,
        memory=settings.query_memory_mb,
        length=settings.query_max_bytes // 1024,
        size=settings.result_max_bytes // _MEBIBYTE,
        together=settings.queries_per_client,
        all=settings.query_workers,
    )


def _describe_graphs(
    told: Description, service: str, release: Release, statistics: Statistics
) -> None:
    """Describe the RDF dataset of a query that names none, and the graphs that one can name."""
    available = f"{service}#graphs"
    told.add(service, "sd:defaultDataset", _RDF_DATASET)
    told.add(_RDF_DATASET, "rdf:type", "sd:Dataset")
    if release.manifest.kind == "sources":
        told.say(_RDF_DATASET, "dcterms:description", "catalogue.service.default-graph")
    told.add(_RDF_DATASET, "sd:defaultGraph", VOID_DATASET)
    told.add(VOID_DATASET, "rdf:type", "sd:Graph")
    told.count(VOID_DATASET, statistics.default)
    told.add(VOID_DATASET, "void:entities", statistics.entities)
    told.add(service, "sd:availableGraphs", available)
    told.add(available, "rdf:type", "sd:GraphCollection")
    for graph, counts in statistics.named.items():
        named = f"{service}#graph={fragment(graph)}"
        told.add(_RDF_DATASET, "sd:namedGraph", named)
        told.add(available, "sd:namedGraph", named)
        _describe_graph(told, named, graph, counts)


def _describe_graph(told: Description, named: str, graph: str, counts: Counts) -> None:
    """Describe a named graph by its size.

    It gets no type: planners add up all that have one, and would count triples twice.
    """
    told.add(named, "rdf:type", "sd:NamedGraph")
    told.add(named, "sd:name", graph)
    told.add(named, "sd:graph", graph)
    told.add(graph, "void:triples", counts.size.triples)


def _describe_examples(told: Description, service: str, library: Iterable[LibraryQuery]) -> None:
    """Link the example queries of the release."""
    for query in library:
        titles = (Literal(query.title(language), language) for language in LANGUAGES)
        told.add(service, "rdfs:seeAlso", query.iri)
        told.add(query.iri, "rdf:type", "sh:SPARQLExecutable")
        told.add(query.iri, "schema:target", service)
        told.add(query.iri, "rdfs:label", *titles)
