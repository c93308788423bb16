"""The ontology as it lies in the sources, its terms, and the ontology with all data."""

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import VANN

from kmn_ld import releases, sources
from kmn_ld.vocab import ONTOLOGY
from tests.build.conftest import REPOSITORY

NAMESPACE = "https://w3id.org/kmn-ld/def#"


def _parsed(folder: str) -> Graph:
    graph = Graph()
    files = [file for file in sources.find(REPOSITORY) if file.name.startswith(f"{folder}/")]
    assert files
    for file in files:
        graph.parse(file.path)
    return graph


@pytest.fixture(scope="session")
def ontology() -> Graph:
    """Everything in ontology/ but the worked examples."""
    return _parsed("ontology")


@pytest.fixture(scope="session")
def terms(ontology: Graph) -> list[URIRef]:
    """The IRIs of our own terms; modules are none."""
    modules = set(ontology.objects(URIRef(ONTOLOGY), VANN.termGroup))
    found = {term for term in ontology.subjects() if str(term).startswith(NAMESPACE)} - modules
    assert len(found) > 40
    return sorted(found)


@pytest.fixture(scope="session")
def data() -> Graph:
    """Everything in data/."""
    return _parsed("data")


@pytest.fixture(scope="session")
def release(shipped: releases.Release) -> releases.Release:
    """A release of the shipped sources."""
    return shipped


@pytest.fixture(scope="session")
def content(release: releases.Release) -> Dataset:
    """All named graphs of the release."""
    dataset = Dataset(default_union=True)
    dataset.parse(release.path(releases.CONTENT), format="nquads")
    return dataset
