"""The bare steps of a check or a build: pySHACL and bulk load, nothing else (a process of its own).

Arguments: folder of a release, for a build also a folder for the store.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from pyshacl import validate
from rdflib import Graph

from kmn_ld.vocab import GRAPH


def main(release: Path, folder: Path | None = None) -> None:
    """Load a release's content as its build did, and validate the graphs that it was checked on."""
    if folder:
        store = ox.Store(str(folder))
        store.bulk_load(path=str(release / "content.nq"), format=ox.RdfFormat.N_QUADS)
        store.bulk_load(path=str(release / "default.nt"), format=ox.RdfFormat.N_TRIPLES)
    outside = (ox.NamedNode(GRAPH + "shapes"), ox.NamedNode(GRAPH + "derived"))
    quads = list(ox.parse(path=str(release / "content.nq"), format=ox.RdfFormat.N_QUADS))
    data = _graph(quad.triple for quad in quads if quad.graph_name not in outside)
    shapes = _graph(quad.triple for quad in quads if quad.graph_name == outside[0])
    conforms, _, _ = validate(data, shacl_graph=shapes, inplace=True, allow_warnings=True)
    assert conforms


def _graph(triples: Iterable[ox.Triple]) -> Graph:
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    return Graph(bind_namespaces="none").parse(data=lines, format="nt")


main(*map(Path, sys.argv[1:]))
