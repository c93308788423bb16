"""The bare steps of a build: bulk load and pySHACL, nothing else (run as a process of its own).

Arguments: folder of a release, folder for the store.
"""

import sys
from pathlib import Path

import pyoxigraph as ox
from pyshacl import validate
from rdflib import Graph

from kmn_ld.vocab import GRAPH


def main(release: Path, folder: Path) -> None:
    """Load a release's content as its build did, and validate the same graph."""
    store = ox.Store(str(folder))
    store.bulk_load(path=str(release / "content.nq"), format=ox.RdfFormat.N_QUADS)
    store.bulk_load(path=str(release / "default.nt"), format=ox.RdfFormat.N_TRIPLES)
    data = Graph(bind_namespaces="none").parse(release / "default.nt", format="nt")
    shapes = Graph(bind_namespaces="none")
    name = ox.NamedNode(GRAPH + "shapes")
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, name))
    shapes.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    conforms, _, _ = validate(data, shacl_graph=shapes, inplace=True, allow_warnings=True)
    assert conforms


main(Path(sys.argv[1]), Path(sys.argv[2]))
