"""Describes a release as a VoID dataset (W3C Interest Group Note of 3 March 2011)."""

from collections.abc import Iterable, Iterator, Sequence

from kmn_ld import releases
from kmn_ld.catalogue.publishing import issued, say_release, say_title
from kmn_ld.catalogue.statistics import Counts, Links, Statistics
from kmn_ld.catalogue.targets import targets
from kmn_ld.catalogue.writing import FORMAT_IRIS, VOID, VOID_DATASET, Description, Site, fragment
from kmn_ld.engine.terms import Literal, Statement
from kmn_ld.formats import BY_NAME, DUMPS
from kmn_ld.releases import Release
from kmn_ld.sources import OUTSIDE_DEFAULT_GRAPH
from kmn_ld.vocab import BASE, GRAPH

_OUTSIDE = {GRAPH + name for name in OUTSIDE_DEFAULT_GRAPH}


def describe_dataset(
    release: Release, statistics: Statistics, site: Site, *, official: bool
) -> list[Statement]:
    """Return the VoID description of a release that a site serves."""
    told = Description()
    _describe_document(told, release, official=official)
    told.add(VOID_DATASET, "rdf:type", "void:Dataset")
    say_title(told, VOID_DATASET, "dataset", official=official)
    say_release(told, VOID_DATASET, release, statistics)
    told.count(VOID_DATASET, statistics.default)
    told.add(VOID_DATASET, "void:entities", statistics.entities)
    if statistics.ours:
        told.add(VOID_DATASET, "void:uriSpace", Literal(BASE))
    told.add(VOID_DATASET, "void:sparqlEndpoint", site.endpoint)
    told.add(VOID_DATASET, "void:exampleResource", *statistics.examples)
    told.add(VOID_DATASET, "void:vocabulary", *_vocabularies(statistics.default))
    _describe_dumps(told, release, site)
    for graph, counts in statistics.named.items():
        _describe_graph(told, graph, counts, statistics)
        is_within = release.manifest.kind == "sources" and graph not in _OUTSIDE
        told.add(VOID_DATASET, "void:subset", graph if is_within else None)
    _describe_links(told, statistics.links)
    return told.statements


def _describe_document(told: Description, release: Release, *, official: bool) -> None:
    """Say what the document itself is (`void:DatasetDescription`)."""
    told.add(VOID, "rdf:type", "void:DatasetDescription")
    say_title(told, VOID, "description", official=official)
    told.add(VOID, "dcterms:issued", issued(release))
    told.add(VOID, "foaf:primaryTopic", VOID_DATASET)


def _describe_dumps(told: Description, release: Release, site: Site) -> None:
    """Name the dumps and their syntaxes."""
    prefix = f"{releases.DUMPS}/"
    names = sorted(path.removeprefix(prefix) for path in release.files if path.startswith(prefix))
    told.add(VOID_DATASET, "void:dataDump", *(f"{site.address}dump/{name}" for name in names))
    endings = {name.rpartition(".")[2] for name in names}
    known = [name for name in (*DUMPS, "trig") if BY_NAME[name].suffix in endings]
    told.add(VOID_DATASET, "void:feature", *(FORMAT_IRIS[name] for name in known))


def _describe_graph(told: Description, graph: str, counts: Counts, statistics: Statistics) -> None:
    """Describe a named graph, which its IRI names as a VoID dataset too."""
    told.add(graph, "rdf:type", "void:Dataset")
    for fact in statistics.facts.get(graph, ()):
        told.add(graph, fact.name, fact.term)
    told.count(graph, counts, graph)
    told.add(VOID, "foaf:topic", graph)


def _describe_links(told: Description, links: Sequence[Links]) -> None:
    """Describe the links into data of others: a linkset for each property."""
    for name in sorted({entry.target for entry in links}):
        _describe_target(told, name)
    for entry in links:
        linkset = f"{VOID}#links={entry.target}&property={fragment(entry.property)}"
        told.add(linkset, "rdf:type", "void:Linkset")
        told.add(linkset, "void:subjectsTarget", VOID_DATASET)
        told.add(linkset, "void:objectsTarget", _target(entry.target))
        told.add(linkset, "void:linkPredicate", entry.property)
        told.add(linkset, "void:triples", entry.triples)
        told.add(VOID_DATASET, "void:subset", linkset)


def _describe_target(told: Description, name: str) -> None:
    iri, target = _target(name), targets()[name]
    told.add(iri, "rdf:type", "void:Dataset")
    told.add(iri, "dcterms:title", Literal(target.title))
    told.add(iri, "foaf:homepage", target.page)
    told.add(iri, "void:uriSpace", Literal(target.space))


def _target(name: str) -> str:
    return f"{VOID}#target={name}"


def _vocabularies(counts: Counts) -> list[str]:
    """Return the namespaces of all classes and properties, as far as they are listed."""
    terms = (*(counts.by_class or ()), *(counts.by_property or ()))
    return sorted(set(_namespaces(terms)))


def _namespaces(terms: Iterable[str]) -> Iterator[str]:
    for iri in terms:
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        if end:
            yield iri[:end]
