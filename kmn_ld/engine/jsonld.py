"""Writes triples as JSON-LD that people can read: short names, a context of its own, lists."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kmn_ld.vocab import PREFIXES

_RDF = PREFIXES["rdf"]
_TYPE, _FIRST, _REST, _NIL = (_RDF + name for name in ("type", "first", "rest", "nil"))
_XSD = PREFIXES["xsd"]
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers in canonical form that are the same number in every JSON reader (below 2^53)."""

LINK, TEXT = "@id", "@language"
"""Coercions beside datatypes: values are links, or texts by language."""

_NATIVE = frozenset(_XSD + name for name in ("string", "integer", "boolean"))
"""Datatypes that JSON has; their values need no coercion."""


@dataclass(frozen=True)
class ShortName:
    """What a property or class is called in JSON, and what its values are where nothing is said.

    `coercion` is `LINK`, `TEXT`, the IRI of a datatype, or empty; a value of another kind is
    written in full.
    """

    name: str
    coercion: str = ""


ShortNames = Mapping[str, ShortName]
"""IRI → short name."""

_Node = dict[str, list[ox.Literal | ox.NamedNode | ox.BlankNode]]


def to_jsonld(
    triples: Iterable[ox.Triple], prefixes: Mapping[str, str], names: ShortNames | None = None
) -> bytes:
    """Return one object: `@context` with the names in use, `@graph` with a node a subject.

    The order of nodes, properties and values is that of the triples.
    """
    nodes: dict[ox.NamedNode | ox.BlankNode, _Node] = {}
    iris: set[str] = set()
    for subject, predicate, value in triples:
        nodes.setdefault(subject, {}).setdefault(predicate.value, []).append(value)
        iris.update(_iris(subject, predicate, value))
    schemes = {iri.partition(":")[0] for iri in iris}
    compact = _Compact(_without(prefixes, schemes), names or {}, schemes)
    writer = _Writer(nodes, compact)
    graph = [writer.node(subject) for subject in nodes if subject not in writer.list_nodes]
    document = {"@context": compact.context(), "@graph": graph}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def whole_context(prefixes: Mapping[str, str], names: ShortNames) -> bytes:
    """Return the context that documents carry, with all prefixes and names."""
    compact = _Compact(prefixes, names, set())
    for iri in names:
        compact.term(iri)
    document = {"@context": {**prefixes, **compact.context()}}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


class _Compact:
    """Shortens IRIs and notes which prefixes and names that took.

    A prefix or name that is the scheme of an IRI is not used: `geo:53,9` would be expanded with it.
    """

    def __init__(
        self, prefixes: Mapping[str, str], names: ShortNames, schemes: Iterable[str]
    ) -> None:
        self._prefixes = {namespace: name for name, namespace in prefixes.items()}
        not_free = {*prefixes, *schemes}
        self._names = {iri: short for iri, short in names.items() if short.name not in not_free}
        self._used: dict[str, str] = {}
        self._terms: dict[str, Any] = {}

    def iri(self, iri: str) -> str:
        """Return an IRI with a prefix, or as it is."""
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        name = self._prefixes.get(iri[:end])
        if name is None or end == len(iri):
            return iri
        self._used[name] = iri[:end]
        return f"{name}:{iri[end:]}"

    def term(self, iri: str) -> ShortName:
        """Return the name of a property or class: the short one, or the IRI without coercion."""
        short = self._names.get(iri)
        if short is None:
            return ShortName(self.iri(iri))
        if short.name not in self._terms:
            self._terms[short.name] = self._definition(iri, short.coercion)
        return short

    def context(self) -> dict[str, Any]:
        """Return definitions of all that was used: prefixes, then names."""
        return dict(sorted(self._used.items())) | dict(sorted(self._terms.items()))

    def _definition(self, iri: str, coercion: str) -> Any:
        if not coercion:
            return self.iri(iri)
        if coercion == TEXT:
            return {"@id": self.iri(iri), "@container": TEXT}
        return {"@id": self.iri(iri), "@type": LINK if coercion == LINK else self.iri(coercion)}


class _Writer:
    """Writes nodes and values; knows the nodes that only make up lists."""

    def __init__(self, nodes: dict[Any, _Node], compact: _Compact) -> None:
        self.nodes = nodes
        self.compact = compact
        self.lists = _lists(nodes)
        self.list_nodes = {node for members in self.lists.values() for node in members}

    def node(self, subject: ox.NamedNode | ox.BlankNode) -> dict[str, Any]:
        written: dict[str, Any] = {"@id": self.identifier(subject)}
        for predicate, values in self.nodes[subject].items():
            if predicate == _TYPE and not any(isinstance(value, ox.Literal) for value in values):
                written["@type"] = _single([self.kind(value) for value in values])
            else:
                short = self.compact.term(predicate)
                written[short.name] = self.values(values, short.coercion)
        return written

    def kind(self, term: Any) -> str:
        return (
            self.identifier(term)
            if isinstance(term, ox.BlankNode)
            else self.compact.term(term.value).name
        )

    def values(self, values: list[Any], coercion: str) -> Any:
        """Return the values of a property; where texts stand by language, others need an array."""
        if coercion != TEXT:
            return _single([self.value(value, coercion) for value in values])
        if not all(_has_plain_language(value) for value in values):
            return [self.value(value, coercion) for value in values]
        by_language: dict[str, list[str]] = {}
        for value in values:
            by_language.setdefault(value.language, []).append(value.value)
        return {language: _single(texts) for language, texts in by_language.items()}

    def value(self, value: Any, coercion: str = "") -> Any:
        if isinstance(value, ox.Literal):
            return self.literal(value, coercion)
        if value in self.lists:
            members = self.lists[value]
            return {
                "@list": [self.value(self.nodes[node][_FIRST][0], coercion) for node in members]
            }
        return self.identifier(value) if coercion == LINK else {"@id": self.identifier(value)}

    def literal(self, literal: ox.Literal, coercion: str = "") -> Any:
        datatype = literal.datatype.value
        if literal.language is not None:
            written = {"@language": literal.language, "@value": literal.value}
            return written | ({"@direction": str(literal.direction)} if literal.direction else {})
        if datatype == coercion:
            return literal.value
        if datatype == _XSD + "string":
            return {"@value": literal.value} if coercion else literal.value
        native = None if coercion else _native(literal.value, datatype)
        return (
            {"@type": self.compact.iri(datatype), "@value": literal.value}
            if native is None
            else native
        )

    def identifier(self, term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
        return f"_:{term.value}" if isinstance(term, ox.BlankNode) else self.compact.iri(term.value)


def coercion_of(kinds: Iterable[str]) -> str:
    """Return the coercion for values of these kinds (`LINK`, `TEXT`, datatypes), empty for a mix.

    Strings, whole numbers and truth values are JSON's own and need none.
    """
    found = set(kinds)
    only = found.pop() if len(found) == 1 else ""
    return "" if only in _NATIVE else only


def _iris(*terms: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> set[str]:
    """Return the IRIs that stand in a triple; a datatype is one too."""
    named = (term.datatype if isinstance(term, ox.Literal) else term for term in terms)
    return {term.value for term in named if isinstance(term, ox.NamedNode)}


def _without(prefixes: Mapping[str, str], schemes: set[str]) -> dict[str, str]:
    return {name: namespace for name, namespace in prefixes.items() if name not in schemes}


def _has_plain_language(value: Any) -> bool:
    return isinstance(value, ox.Literal) and bool(value.language) and value.direction is None


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _native(text: str, datatype: str) -> int | bool | None:
    """Return the JSON value that a reader turns back into exactly this literal, or None."""
    if datatype == _XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    if datatype == _XSD + "integer" and _INTEGER.fullmatch(text):
        return int(text)
    return None


def _lists(nodes: dict[Any, _Node]) -> dict[Any, list[Any]]:
    """Return head → members of the lists that `@list` can hold: proper, linked to only once.

    A list in a list stays a node of its own, which also keeps circles from getting lost; so does
    one that is a class, for `@type` takes no list.
    """
    links: dict[Any, list[str]] = {}
    for node in nodes.values():
        for predicate, values in node.items():
            for value in values:
                links.setdefault(value, []).append(predicate)
    proper = {
        subject
        for subject, node in nodes.items()
        if isinstance(subject, ox.BlankNode)
        and len(links.get(subject, ())) == 1
        and _is_list_node(node)
    }
    heads = (subject for subject in proper if links[subject][0] not in (_FIRST, _REST, _TYPE))
    lists = {head: _members(head, nodes, proper) for head in heads}
    return {head: members for head, members in lists.items() if members}


def _is_list_node(node: _Node) -> bool:
    return set(node) == {_FIRST, _REST} and len(node[_FIRST]) == len(node[_REST]) == 1


def _members(head: Any, nodes: dict[Any, _Node], proper: set[Any]) -> list[Any]:
    members = []
    link = head
    while link in proper:
        members.append(link)
        link = nodes[link][_REST][0]
    return members if isinstance(link, ox.NamedNode) and link.value == _NIL else []
