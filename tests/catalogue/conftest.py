"""The descriptions of the made-up release, loaded into a store to be asked."""

import pyoxigraph as ox
import pytest

from kmn_ld import catalogue, releases
from kmn_ld.catalogue import Site, Statistics
from kmn_ld.catalogue.writing import NAMESPACES
from kmn_ld.engine.serialising import serialise
from kmn_ld.web.examples import library

SITE = Site("https://data.example.org/", "https://data.example.org/sparql")
PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in NAMESPACES.items())


class Told:
    """A description that can be asked with SPARQL, our prefixes known."""

    def __init__(self, statements):
        self.text = serialise(statements, "nt").decode()
        self.store = ox.Store()
        self.store.load(self.text.encode(), format=ox.RdfFormat.N_TRIPLES)

    def ask(self, pattern):
        return bool(self.store.query(f"{PREFIXES}ASK {{ {pattern} }}"))

    def rows(self, query):
        return [tuple(term and term.value for term in row) for row in self.query(query)]

    def query(self, query):
        return self.store.query(PREFIXES + query)


@pytest.fixture
def statistics(release):
    return Statistics.from_json(release.path(releases.STATISTICS).read_text("utf-8"))


@pytest.fixture
def void(release, statistics):
    return Told(catalogue.describe_dataset(release, statistics, SITE, official=False))


@pytest.fixture
def service(release, statistics, settings):
    return Told(catalogue.describe_service(release, statistics, SITE, settings, library(release)))


def default_lines(store):
    """Return the default graph as sorted lines of N-Triples."""
    graph = ox.DefaultGraph()
    return sorted(f"{quad.triple} ." for quad in store.quads_for_pattern(None, None, None, graph))
