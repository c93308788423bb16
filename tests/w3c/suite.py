"""Reads the manifests of the W3C test suites: what is asked, of which data, with which result."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

FOLDER = Path(__file__).parents[3] / "shared" / "w3c-sparql" / "sparql"
MISSING = "../shared/w3c-sparql is not here"
SUITES = ("sparql10", "sparql11", "sparql12")

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_ENTRIES = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?test ?kind ?action ?result ?lax {
    ?manifest mf:entries/rdf:rest*/rdf:first ?test .
    ?test a ?kind ; mf:action ?action .
    OPTIONAL { ?test mf:result ?result }
    OPTIONAL { ?test mf:resultCardinality ?lax }
} ORDER BY ?test
"""
EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
POSITIVE = ("PositiveSyntaxTest", "PositiveSyntaxTest11")
NEGATIVE = ("NegativeSyntaxTest", "NegativeSyntaxTest11")


@dataclass(frozen=True)
class Case:
    """A test: `graphs` are pairs of graph name and file; `default` are files too."""

    name: str
    kind: str
    query: Path
    default: tuple[Path, ...] = ()
    graphs: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    is_lax: bool = False

    @property
    def text(self) -> str:
        return self.query.read_text(encoding="utf-8")

    @property
    def base(self) -> str:
        return self.query.as_uri()

    @property
    def data(self) -> tuple[Path, ...]:
        return (*self.default, *(path for _, path in self.graphs))

    @property
    def is_of_a_dataset(self) -> bool:
        """Whether its data is a file with named graphs of its own."""
        return any(path.suffix in (".trig", ".nq") for path in self.default)


@cache
def cases() -> tuple[Case, ...]:
    """Return all tests of queries, empty where the suites are not here."""
    folders = sorted(FOLDER.glob("*/*/manifest.ttl"))
    return tuple(case for path in folders for case in _read(path))


def of_kinds(kinds: tuple[str, ...]) -> list[Case]:
    return [case for case in cases() if case.kind in kinds]


def _read(manifest: Path) -> Iterator[Case]:
    store = ox.Store()
    store.load(path=str(manifest), base_iri=manifest.as_uri(), format=ox.RdfFormat.TURTLE)
    for row in store.query(_ENTRIES):
        kind = row["kind"].value.removeprefix(_MF)
        if kind in (*EVALUATION, *POSITIVE, *NEGATIVE):
            yield _case(store, manifest, row, kind)


def _case(store: ox.Store, manifest: Path, row: ox.QuerySolution, kind: str) -> Case:
    action, place = row["action"], manifest.parent.relative_to(FOLDER)
    name = f"{place}/{row['test'].value.rpartition('#')[2].rpartition('/')[2]}"
    if isinstance(action, ox.NamedNode):
        result = _path(row["result"]) if row["result"] else None
        return Case(name, kind, _path(action), result=result)
    files = _objects(store, action, _QT + "data")
    named = tuple(_graph(store, node) for node in _objects(store, action, _QT + "graphData"))
    return Case(
        name,
        kind,
        _path(_objects(store, action, _QT + "query")[0]),
        tuple(_path(file) for file in files),
        named,
        _path(row["result"]) if row["result"] else None,
        row["lax"] is not None,
    )


def _graph(store: ox.Store, node: ox.NamedNode | ox.BlankNode) -> tuple[str, Path]:
    """Return name and file; a node with a label names the graph so (test-query vocabulary)."""
    if isinstance(node, ox.NamedNode):
        return node.value, _path(node)
    (file,) = _objects(store, node, _QT + "graph")
    (label,) = _objects(store, node, _RDFS + "label")
    return label.value, _path(file)


def _objects(store: ox.Store, subject: ox.NamedNode | ox.BlankNode, predicate: str) -> list:
    pattern = (subject, ox.NamedNode(predicate), None)
    return sorted((quad.object for quad in store.quads_for_pattern(*pattern)), key=str)


def _path(node: ox.NamedNode) -> Path:
    return Path(node.value.removeprefix("file://"))
