"""Writes triples as JSON-LD that people can read: prefixes in its own context, lists as lists."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kmn_ld.vocab import PREFIXES

_RDF = PREFIXES["rdf"]
_TYPE, _FIRST, _REST, _NIL = (_RDF + name for name in ("type", "first", "rest", "nil"))
_XSD = PREFIXES["xsd"]
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers in canonical form that are the same number in every JSON reader (below 2^53)."""

_Node = dict[str, list[ox.Literal | ox.NamedNode | ox.BlankNode]]


def to_jsonld(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return one object: `@context` with the prefixes in use, `@graph` with a node a subject.

    The order of nodes, properties and values is that of the triples.
    """
    nodes: dict[ox.NamedNode | ox.BlankNode, _Node] = {}
    iris: set[str] = set()
    for subject, predicate, value in triples:
        nodes.setdefault(subject, {}).setdefault(predicate.value, []).append(value)
        iris.update(_iris(subject, predicate, value))
    writer = _Writer(nodes, _usable(prefixes, iris))
    graph = [writer.node(subject) for subject in nodes if subject not in writer.list_nodes]
    context = {name: prefixes[name] for name in sorted(writer.used)}
    document = {"@context": context, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class _Writer:
    """Compacts IRIs and notes which prefixes that took; knows the nodes that only make up lists."""

    def __init__(self, nodes: dict[Any, _Node], prefixes: Mapping[str, str]) -> None:
        self.nodes = nodes
        self.names = {namespace: name for name, namespace in prefixes.items()}
        self.used: set[str] = set()
        self.lists = _lists(nodes)
        self.list_nodes = {node for members in self.lists.values() for node in members}

    def node(self, subject: ox.NamedNode | ox.BlankNode) -> dict[str, Any]:
        written: dict[str, Any] = {"@id": self.identifier(subject)}
        for predicate, values in self.nodes[subject].items():
            if predicate == _TYPE and not any(isinstance(value, ox.Literal) for value in values):
                written["@type"] = _single([self.identifier(value) for value in values])
            else:
                written[self.compact(predicate)] = _single([self.value(value) for value in values])
        return written

    def value(self, value: Any) -> Any:
        if isinstance(value, ox.Literal):
            return self.literal(value)
        if value in self.lists:
            members = self.lists[value]
            return {"@list": [self.value(self.nodes[node][_FIRST][0]) for node in members]}
        return {"@id": self.identifier(value)}

    def literal(self, literal: ox.Literal) -> Any:
        datatype = literal.datatype.value
        if literal.language is not None:
            written = {"@language": literal.language, "@value": literal.value}
            return written | ({"@direction": str(literal.direction)} if literal.direction else {})
        if datatype == _XSD + "string":
            return literal.value
        native = _native(literal.value, datatype)
        return (
            {"@type": self.compact(datatype), "@value": literal.value} if native is None else native
        )

    def identifier(self, term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
        return f"_:{term.value}" if isinstance(term, ox.BlankNode) else self.compact(term.value)

    def compact(self, iri: str) -> str:
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        name = self.names.get(iri[:end])
        if name is None or end == len(iri):
            return iri
        self.used.add(name)
        return f"{name}:{iri[end:]}"


def _iris(*terms: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> set[str]:
    """Return the IRIs that stand in a triple; a datatype is one too."""
    named = (term.datatype if isinstance(term, ox.Literal) else term for term in terms)
    return {term.value for term in named if isinstance(term, ox.NamedNode)}


def _usable(prefixes: Mapping[str, str], iris: set[str]) -> dict[str, str]:
    """Leave out a prefix that is the scheme of an IRI: `geo:53,9` would be expanded with it."""
    schemes = {iri.partition(":")[0] for iri in iris}
    return {name: namespace for name, namespace in prefixes.items() if name not in schemes}


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
