"""Gives blank nodes of a description labels that do not depend on the rest of the data.

RDFC-1.0 would do so for every graph, but takes minutes for a chain of some hundred nodes. Here only
nodes that nothing but their labels tells apart keep the order of those.
"""

from collections import deque
from collections.abc import Iterable

import pyoxigraph as ox

_Key = tuple[str, ...]


def labelled_anew(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads whose blank nodes are called `b0`, `b1`, … as one comes to them.

    One begins at what has an IRI, then at nodes that nothing points at, then anywhere. Takes time
    and memory in proportion to the quads.
    """
    said: dict[object, list[ox.Quad]] = {}
    for quad in quads:
        said.setdefault(quad.subject, []).append(quad)
    named = sorted((node for node in said if not isinstance(node, ox.BlankNode)), key=str)
    blank = [node for node in said if isinstance(node, ox.BlankNode)]
    pointed_at = {quad.object for entries in said.values() for quad in entries}
    looks = {node: _look(said[node]) for node in blank}
    blank.sort(key=lambda node: (node in pointed_at, looks[node], node.value))
    labels: dict[ox.BlankNode, ox.BlankNode] = {}
    for start in (*named, *blank):
        _follow(start, said, looks, labels)
    return [_renamed(quad, labels) for entries in said.values() for quad in entries]


def _renamed(quad: ox.Quad, labels: dict[ox.BlankNode, ox.BlankNode]) -> ox.Quad:
    subject, value = quad.subject, quad.object
    if isinstance(subject, ox.BlankNode):
        subject = labels[subject]
    if isinstance(value, ox.BlankNode):
        value = labels[value]
    return ox.Quad(subject, quad.predicate, value, quad.graph_name)


def _look(quads: list[ox.Quad]) -> _Key:
    """Return what is said of a node, apart from other blank nodes."""
    return tuple(
        sorted(
            f"{quad.predicate} {'' if isinstance(quad.object, ox.BlankNode) else quad.object}"
            for quad in quads
        )
    )


def _follow(
    start: object,
    said: dict[object, list[ox.Quad]],
    looks: dict[ox.BlankNode, _Key],
    labels: dict[ox.BlankNode, ox.BlankNode],
) -> None:
    """Label what is reached from a node, level by level."""
    if isinstance(start, ox.BlankNode) and start in labels:
        return
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ox.BlankNode):
            labels.setdefault(node, ox.BlankNode(f"b{len(labels)}"))
        found = [
            (quad.predicate.value, looks.get(quad.object, ()), quad.object.value, quad.object)
            for quad in said.get(node, ())
            if isinstance(quad.object, ox.BlankNode)
        ]
        for *_, value in sorted(found, key=lambda entry: entry[:3]):
            if value not in labels:
                labels[value] = ox.BlankNode(f"b{len(labels)}")
                waiting.append(value)
