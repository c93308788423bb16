"""Reads the shapes: what is checked of which things, and what the editor is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kmn_ld.describe.model import Part, Property
from kmn_ld.describe.names import Names, expand, shorten
from kmn_ld.describe.reader import Reader
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement, Term
from kmn_ld.vocab import GRAPH, PREFIXES, SHAPES

_TARGETS = tuple(
    expand(short)
    for short in ("sh:targetClass", "sh:targetNode", "sh:targetSubjectsOf", "sh:targetObjectsOf")
)
_TOLD = {
    expand(short)
    for short in (
        *("rdf:type", "rdfs:label", "sh:name", "sh:message", "sh:severity", "sh:order"),
        *("sh:path", "sh:property", "sh:sparql", "sh:prefixes"),
    )
} | set(_TARGETS)
_SIGNS = {
    expand("sh:inversePath"): "^{}",
    expand("sh:zeroOrMorePath"): "{}*",
    expand("sh:oneOrMorePath"): "{}+",
    expand("sh:zeroOrOnePath"): "{}?",
}
_MOST_NESTED = 10


@dataclass(frozen=True)
class Rule:
    """A shape as editors meet it.

    `severity` is "violation", "warning" or "info"; `path` is written as in SPARQL, with prefixes,
    and `path_terms` are the properties in it; `queries` are the texts of its SPARQL constraints.
    """

    iri: str
    names: Names
    messages: Names
    severity: str
    path: str
    path_terms: tuple[str, ...]
    conditions: tuple[Property, ...]
    queries: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """A node shape: the rule itself, the things that it applies to, its property shapes."""

    rule: Rule
    targets: tuple[Property, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Shapes:
    """What is said about the shapes as a whole, and each of them."""

    about: Part
    shapes: tuple[Shape, ...]

    def rules_of(self, term: str) -> tuple[Rule, ...]:
        """Return the rules for a property (by their path) or for a class (by their target)."""
        found = []
        for shape in self.shapes:
            targets = {value.term.value for target in shape.targets for value in target.values}
            found += [shape.rule] if term in targets else []
            found += [rule for rule in shape.rules if term in rule.path_terms]
        return tuple(dict.fromkeys(found))


def read_shapes(engine: Engine) -> Shapes:
    """Return the shapes of the store, each with its property shapes in their order."""
    statements = engine.graph(GRAPH + "shapes")
    reading = _Reading(statements, Reader(engine, statements))
    kind = Iri(expand("sh:NodeShape"))
    nodes = [node for node in reading.said if kind in reading.values(node, expand("rdf:type"))]
    named = sorted(node for node in nodes if isinstance(node, Iri))
    shapes = tuple(reading.shape(node) for node in named)
    return Shapes(reading.reader.part(Iri(SHAPES)), shapes)


class _Reading:
    """Looks shapes up in the statements of their graph."""

    def __init__(self, statements: Sequence[Statement], reader: Reader) -> None:
        self.reader = reader
        self.said: dict[Iri | BlankNode, dict[str, list[Term]]] = {}
        for entry in statements:
            values = self.said.setdefault(entry.subject, {})
            values.setdefault(entry.predicate.value, []).append(entry.object)

    def values(self, node: Term, by: str) -> list[Term]:
        said: Mapping[str, list[Term]] = (
            self.said.get(node, {}) if isinstance(node, Iri | BlankNode) else {}
        )
        return said.get(by, [])

    def shape(self, node: Iri) -> Shape:
        targets = [
            self.reader.property(by, values) for by in _TARGETS if (values := self.values(node, by))
        ]
        rules = [
            self.rule(rule)
            for rule in sorted(self.values(node, expand("sh:property")), key=self._order)
            if isinstance(rule, Iri)
        ]
        return Shape(self.rule(node), tuple(targets), tuple(rules))

    def rule(self, node: Iri) -> Rule:
        path = next(iter(self.values(node, expand("sh:path"))), None)
        severity = next(iter(self.values(node, expand("sh:severity"))), None)
        constraints = self.values(node, expand("sh:sparql"))
        return Rule(
            iri=node.value,
            names=self._texts(node, "sh:name") or self._texts(node, "rdfs:label"),
            messages=self._texts(node, "sh:message"),
            severity=(severity.value.rpartition("#")[2] if severity else "Violation").lower(),
            path=self._path(path) if path else "",
            path_terms=tuple(dict.fromkeys(self._path_terms(path))) if path else (),
            conditions=tuple(self._conditions(node)),
            queries=tuple(
                text.value for one in constraints for text in self.values(one, expand("sh:select"))
            ),
        )

    def _texts(self, node: Iri, short: str) -> Names:
        return tuple(text for text in self.values(node, expand(short)) if isinstance(text, Literal))

    def _conditions(self, node: Iri) -> Iterator[Property]:
        for by, values in sorted(self.said.get(node, {}).items()):
            if by not in _TOLD:
                here: set[Term] = {value for value in values if isinstance(value, BlankNode)}
                yield self.reader.property(by, values, here)

    def _order(self, node: Term) -> tuple[float, str]:
        written = next(iter(self.values(node, expand("sh:order"))), None)
        try:
            return (float(written.value) if written else 0.0, node.value)
        except ValueError:
            return (0.0, node.value)

    def _path(self, path: Term, depth: int = 0) -> str:
        """Return a path as SPARQL 1.1 writes it (SHACL, 2.3.1)."""
        if isinstance(path, Iri):
            return shorten(path.value) or f"<{path.value}>"
        if depth > _MOST_NESTED:
            return "…"
        if members := self._members(path):
            return " / ".join(self._path(member, depth + 1) for member in members)
        for by, values in self.said.get(path, {}).items() if isinstance(path, BlankNode) else ():
            if by == expand("sh:alternativePath"):
                members = self._members(values[0])
                return f"({' | '.join(self._path(member, depth + 1) for member in members)})"
            if by in _SIGNS:
                return _SIGNS[by].format(self._path(values[0], depth + 1))
        return ""

    def _path_terms(self, path: Term, depth: int = 0) -> Iterator[str]:
        if isinstance(path, Iri):
            yield path.value
        elif isinstance(path, BlankNode) and depth <= _MOST_NESTED:
            inside = self._members(path) or [
                value for values in self.said.get(path, {}).values() for value in values
            ]
            for value in inside:
                yield from self._path_terms(value, depth + 1)

    def _members(self, head: Term) -> list[Term]:
        """Return the members of an RDF list, none where it is no list."""
        members: list[Term] = []
        node: Term | None = head
        seen: set[Term] = set()
        while node is not None and node not in seen:
            seen.add(node)
            members += self.values(node, PREFIXES["rdf"] + "first")
            node = next(iter(self.values(node, PREFIXES["rdf"] + "rest")), None)
        return members


def by_subject(shapes: Iterable[Shape]) -> dict[str, list[Shape]]:
    """Return the shapes of one subject together: their names begin alike, up to a hyphen.

    Under an empty subject stand those that apply to nothing by themselves.
    """
    groups: dict[str, list[Shape]] = {}
    for shape in shapes:
        local = shape.rule.iri.rpartition("#")[2]
        subject = local.partition("-")[0] if shape.targets else ""
        groups.setdefault(subject, []).append(shape)
    return groups
