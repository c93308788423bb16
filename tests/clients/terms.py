"""Brings what clients return into one form, to be compared as multisets of rows."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.term import Identifier

Rows = Counter[tuple[Any, ...]]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float")}


def of_json(text: str, columns: Sequence[str]) -> Rows:
    """Return the rows of a result in SPARQL JSON."""
    return of_bindings(json.loads(text)["results"]["bindings"], columns)


def of_bindings(bindings: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Rows:
    """Return rows whose terms are those of SPARQL JSON."""
    return Counter(tuple(_of_cell(row.get(name)) for name in columns) for row in bindings)


def of_rdflib(rows: Iterable[Mapping[str, Identifier]], columns: Sequence[str]) -> Rows:
    """Return rows whose terms are those of rdflib."""
    return Counter(tuple(_of_rdflib(row.get(name)) for name in columns) for row in rows)


def of_texts(rows: Iterable[Sequence[str]]) -> Rows:
    """Return rows of CSV: a term is its text, a cell without a value is empty."""
    return Counter(tuple(row) for row in rows)


def as_texts(bindings: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Rows:
    """Return what CSV keeps of rows in SPARQL JSON."""
    return Counter(tuple(row.get(name, {"value": ""})["value"] for name in columns)
                   for row in bindings)  # fmt: skip


def of_graph(text: str | bytes, syntax: str) -> set[Any]:
    """Return the triples of a graph, its blank nodes named alike wherever it comes from."""
    return set(to_canonical_graph(Graph().parse(data=text, format=syntax)))


def _of_cell(cell: Mapping[str, str] | None) -> tuple[Any, ...] | None:
    if cell is None:
        return None
    if cell["type"] == "uri":
        return ("iri", cell["value"])
    assert cell["type"] in ("literal", "typed-literal"), "no query shows a blank node"
    return _literal(cell["value"], cell.get("xml:lang"), cell.get("datatype"))


def _of_rdflib(term: Identifier | None) -> tuple[Any, ...] | None:
    if term is None:
        return None
    if isinstance(term, URIRef):
        return ("iri", str(term))
    assert isinstance(term, Literal) and not isinstance(term, BNode)
    return _literal(str(term), term.language, term.datatype and str(term.datatype))


def _literal(text: str, language: str | None, datatype: str | None) -> tuple[Any, ...]:
    """Language tags have no case (RDF 1.1, 3.3), numbers have several texts."""
    if language:
        return ("text", text, language.lower())
    kind = datatype or _XSD + "string"
    return ("literal", float(text) if kind in _NUMBERS else text, kind)
