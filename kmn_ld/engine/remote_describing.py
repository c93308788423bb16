"""Collects what a remote engine says about a thing, with its parts and lists."""

from collections.abc import Callable, Iterable

from kmn_ld.engine.conversion import to_quad
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Row, Statement, Term
from kmn_ld.queries import load_query

Asking = Callable[[str, str, Iterable[Term]], list[Row]]
"""`Engine.rows_for_each`."""


def described(ask: Asking, iri: str, *, repeats: bool) -> list[Statement]:
    """Return the quads that describe a thing, sorted (see `Engine.statements_about`).

    `repeats` says that the default graph repeats what the named graphs hold. Nodes without a name
    are then others there, which nothing shows to be the same.
    """
    part = f"{iri}#"
    known: list[Iri] = []
    waiting = [Iri(iri)]
    found: set[Statement] = set()
    while waiting:
        rows = ask(load_query("remote/statements"), "subject", waiting)
        known += waiting
        fresh = {_statement(row, "subject") for row in rows}
        found |= fresh
        values = {entry.object for entry in fresh}
        parts = {value for value in values if isinstance(value, Iri)}
        waiting = sorted(v for v in parts - set(known) if v.value.startswith(part))
    if any(isinstance(entry.object, BlankNode) for entry in found):
        # the labels of blank nodes are good within one answer only
        found = {entry for entry in found if not isinstance(entry.object, BlankNode)}
        for row in ask(load_query("remote/nodes"), "subject", known):
            if repeats and "graph" not in row:
                continue
            found.add(_statement({**row, "property": row["link"], "value": row["node"]}, "subject"))
            found.add(_statement(row, "inner" if "inner" in row else "node"))
    named = {_triple(entry) for entry in found if entry.graph}
    kept = [entry for entry in found if entry.graph or _triple(entry) not in named]
    return sorted(kept, key=lambda entry: str(to_quad(entry)))


def _statement(row: Row, subject: str) -> Statement:
    node, link, graph = row[subject], row["property"], row.get("graph")
    assert not isinstance(node, Literal)
    assert isinstance(link, Iri)
    return Statement(node, link, row["value"], graph if isinstance(graph, Iri) else None)


def _triple(entry: Statement) -> tuple[object, object, object]:
    return entry.subject, entry.predicate, entry.object
