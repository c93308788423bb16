"""The shipped data as a release, in process, over HTTP and in another engine."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kmn_ld import releases
from kmn_ld.engine import TrustedStore
from kmn_ld.engine.opening import open_store
from kmn_ld.releases import Release
from tests.questions import Reader
from tests.web.served import Served, serving


@pytest.fixture(scope="package")
def built(shipped: Release) -> Path:
    """A folder with a release of the shipped sources."""
    return shipped.folder.parent


@pytest.fixture(scope="package")
def raw(built: Path) -> ox.Store:
    """The store of the release."""
    return open_store(releases.current(built), 10**9)


@pytest.fixture(scope="package")
def store(raw: ox.Store) -> TrustedStore:
    """The same, as our own queries see it."""
    return TrustedStore(raw)


@pytest.fixture(scope="package")
def reader(store: TrustedStore) -> Reader:
    """What puts rows into the words of the source tables."""
    return Reader(store)


@pytest.fixture(scope="package")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the release."""
    with serving(built, tmp_path_factory.mktemp("served") / "temporary") as served:
        yield served


@pytest.fixture(scope="package")
def elsewhere(raw: ox.Store) -> rdflib.Graph:
    """The default graph in another engine."""
    quads = raw.quads_for_pattern(None, None, None, ox.DefaultGraph())
    triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples, format="nt")
