"""Which focus nodes a change can affect, and what a validator has to see of the data around them.

Holds for SHACL Core, whose constraints reach from a focus node along a path to value nodes and
their types. A SPARQL-based constraint may span any records, so it is evaluated over the whole.
Works on N-Triples lines and on terms as they are written there.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection as RdfList

_TYPE = RDF.type.n3()


@dataclass(frozen=True)
class Reach:
    """How far shapes look from a focus node.

    `steps` is the length of the longest path; `is_forward` says that no path has an inverse step;
    `objects_of` are the predicates whose values are targets (`sh:targetObjectsOf`).
    """

    steps: int
    is_forward: bool
    objects_of: frozenset[str]


def reach_of(shapes: Graph) -> Reach:
    """Return how far shapes look whose paths are predicates, sequences and inverses of them."""
    return Reach(
        max((_steps(shapes, path) for path in shapes.objects(None, SH.path)), default=1),
        (None, SH.inversePath, None) not in shapes,
        frozenset(predicate.n3() for predicate in shapes.objects(None, SH.targetObjectsOf)),
    )


def changed_quads(before: Path, after: Path) -> Iterator[str]:
    """Yield the lines that only one of two sorted N-Quads files has, without line feeds."""
    with (
        before.open(encoding="utf-8", newline="\n") as old,
        after.open(encoding="utf-8", newline="\n") as new,
    ):
        for line, times in groupby(heapq.merge(old, new)):
            if len(list(times)) == 1:
                yield line.rstrip("\n")


def affected_nodes(changed: Iterable[str], lines: Collection[str], reach: Reach) -> set[str]:
    """Return the nodes whose results may be others after these triples came or went.

    Those are their subjects and objects; what gets by a path to a node with a new or lost type,
    since `sh:class` looks at it; and what gets by one step less to any other subject.
    """
    subjects, retyped, nodes = set(), set(), set()
    for line in changed:
        subject, predicate, value = terms(line)
        subjects.add(subject)
        nodes |= {subject, value}
        if predicate == _TYPE:
            retyped.add(subject)
    for start, steps in ((retyped, reach.steps), (subjects, reach.steps - 1)):
        nodes |= _within(start, lines, steps, backward=True, forward=not reach.is_forward)
    return {node for node in nodes if node.startswith("<")}


def lines_around(nodes: Collection[str], lines: Collection[str], reach: Reach) -> Iterator[str]:
    """Yield what validating these nodes has to see; results about others are not to be used."""
    seen = _within(nodes, lines, reach.steps, forward=True, backward=not reach.is_forward)
    for line in lines:
        subject, predicate, value = terms(line)
        if subject in seen or (predicate in reach.objects_of and value in nodes):
            yield line


def terms(line: str) -> tuple[str, str, str]:
    """Return subject, predicate and object of an N-Triples line."""
    subject, predicate, value = line.split(" ", 2)
    return subject, predicate, value[:-2]


def _within(
    nodes: Iterable[str], lines: Iterable[str], steps: int, *, forward: bool, backward: bool
) -> set[str]:
    """Return the nodes, and what triples lead to from them within so many steps."""
    inside = set(nodes)
    for _ in range(steps if inside else 0):
        found = set()
        for line in lines:
            subject, _, value = terms(line)
            if forward and subject in inside:
                found.add(value)
            if backward and value in inside:
                found.add(subject)
        inside |= found
    return inside


def _steps(shapes: Graph, path: Any) -> int:
    if isinstance(path, URIRef):
        return 1
    inverse = shapes.value(path, SH.inversePath)
    if inverse is not None:
        return _steps(shapes, inverse)
    return sum(_steps(shapes, step) for step in RdfList(shapes, path))
