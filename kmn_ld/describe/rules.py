"""Reads the shapes: what is checked of which things, and what the editor is told."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kmn_ld.describe.model import Part, Property, Value
from kmn_ld.describe.names import Names, expand, shorten
from kmn_ld.describe.reader import Reader
from kmn_ld.describe.statements import Statements
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import BlankNode, Iri, Term
from kmn_ld.vocab import BASE, GRAPH, SHAPES

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
_LIST = re.compile(r".*/id/concept/([a-z0-9-]+)/\[")
"""A pattern for the IRIs of the concepts of one list."""


@dataclass(frozen=True)
class Rule:
    """A shape as editors meet it.

    `severity` is "violation", "warning" or "info"; `path` is written as in SPARQL, with prefixes,
    and `path_terms` are the properties in it; `queries` are the texts of its SPARQL constraints.
    `kinds` are the classes or datatypes of the values, `choices` the values themselves or the code
    list that they come from, as far as the rule says so.
    """

    iri: str
    names: Names
    messages: Names
    severity: str
    path: str
    path_terms: tuple[str, ...]
    conditions: tuple[Property, ...]
    queries: tuple[str, ...]
    kinds: tuple[Value, ...] = ()
    choices: tuple[Value, ...] = ()

    @property
    def is_bundle(self) -> bool:
        """Whether the rule checks nothing itself, but gathers rules for properties."""
        return not (self.path or self.conditions or self.queries)

    def said(self, short: str) -> tuple[str, ...]:
        """Return the values of a condition as texts."""
        by = expand(short)
        found = (entry.values for entry in self.conditions if entry.iri == by)
        return tuple(value.term.value for values in found for value in values)


@dataclass(frozen=True)
class Shape:
    """A node shape: the rule itself, the things that it applies to, its property shapes."""

    rule: Rule
    targets: tuple[Property, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class RuleBook:
    """What is said about the shapes as a whole, and each of them."""

    about: Part
    shapes: tuple[Shape, ...]

    def rules_of(self, term: str) -> tuple[Rule, ...]:
        """Return the rules for a property (by their path) or for a class (by their target).

        What only gathers rules for properties is left out.
        """
        found = []
        for shape in self.shapes:
            targets = {value.term.value for target in shape.targets for value in target.values}
            found += [shape.rule] if term in targets and not shape.rule.is_bundle else []
            found += [rule for rule in shape.rules if term in rule.path_terms]
        return tuple(dict.fromkeys(found))


def read_shapes(engine: Engine) -> RuleBook:
    """Return the shapes of the store, each with its property shapes in their order."""
    statements = engine.graph(GRAPH + "shapes")
    said, reader = Statements(statements), Reader(engine, statements)
    reading = _Shapes(said, reader)
    kind = Iri(expand("sh:NodeShape"))
    nodes = [node for node in said.subjects() if kind in said.values(node, "rdf:type")]
    named = sorted(node for node in nodes if isinstance(node, Iri))
    return RuleBook(reader.part(Iri(SHAPES)), tuple(reading.shape(node) for node in named))


@dataclass(frozen=True)
class _Shapes:
    """Looks shapes up in the statements of their graph."""

    said: Statements
    reader: Reader

    def shape(self, node: Iri) -> Shape:
        about = self.said.about(node)
        targets = [self.reader.property(by, about[by]) for by in _TARGETS if by in about]
        rules = [
            self.rule(rule)
            for rule in sorted(self.said.values(node, "sh:property"), key=self._order)
            if isinstance(rule, Iri)
        ]
        return Shape(self.rule(node), tuple(targets), tuple(rules))

    def rule(self, node: Iri) -> Rule:
        path = self.said.first(node, "sh:path")
        severity = self.said.first(node, "sh:severity")
        constraints = self.said.values(node, "sh:sparql")
        return Rule(
            iri=node.value,
            names=self.said.texts(node, "sh:name") or self.said.texts(node, "rdfs:label"),
            messages=self.said.texts(node, "sh:message"),
            severity=(severity.value.rpartition("#")[2] if severity else "Violation").lower(),
            path=self._path(path) if path else "",
            path_terms=tuple(dict.fromkeys(self._path_terms(path))) if path else (),
            conditions=tuple(self._conditions(node)),
            queries=tuple(
                text.value for one in constraints for text in self.said.values(one, "sh:select")
            ),
            kinds=tuple(self.reader.value(kind) for kind in dict.fromkeys(self._kinds(node))),
            choices=tuple(self.reader.value(choice) for choice in self._choices(node)),
        )

    def _kinds(self, node: Term) -> Iterator[Term]:
        """Yield classes and datatypes that the values may have (SHACL, 4.1, 4.4.4, 4.6.3)."""
        yield from self.said.values(node, "sh:class")
        yield from self.said.values(node, "sh:datatype")
        if self.said.values(node, "sh:languageIn"):
            yield Iri(expand("rdf:langString"))
        for alternatives in self.said.values(node, "sh:or"):
            for one in self.said.items(alternatives):
                yield from self.said.values(one, "sh:class")
                yield from self.said.values(one, "sh:datatype")

    def _choices(self, node: Term) -> Iterator[Term]:
        """Yield the values that are allowed, or the list that a pattern wants them to be from."""
        yield from self.said.values(node, "sh:hasValue")
        for members in self.said.values(node, "sh:in"):
            yield from self.said.items(members)
        for pattern in self.said.texts(node, "sh:pattern"):
            if found := _LIST.match(pattern.value):
                yield Iri(f"{BASE}id/concept/{found[1]}")

    def _conditions(self, node: Iri) -> Iterator[Property]:
        for by, values in sorted(self.said.about(node).items()):
            if by not in _TOLD:
                here: set[Term] = {value for value in values if isinstance(value, BlankNode)}
                yield self.reader.property(by, values, here)

    def _order(self, node: Term) -> tuple[float, str]:
        written = self.said.first(node, "sh:order")
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
        if members := list(self.said.items(path)):
            return " / ".join(self._path(member, depth + 1) for member in members)
        for by, values in self.said.about(path).items():
            value = next(iter(values))
            if by == expand("sh:alternativePath"):
                members = list(self.said.items(value))
                return f"({' | '.join(self._path(member, depth + 1) for member in members)})"
            if by in _SIGNS:
                return _SIGNS[by].format(self._path(value, depth + 1))
        return ""

    def _path_terms(self, path: Term, depth: int = 0) -> Iterator[str]:
        if isinstance(path, Iri):
            yield path.value
        elif isinstance(path, BlankNode) and depth <= _MOST_NESTED:
            inside = list(self.said.items(path)) or [
                value for values in self.said.about(path).values() for value in values
            ]
            for value in inside:
                yield from self._path_terms(value, depth + 1)


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
