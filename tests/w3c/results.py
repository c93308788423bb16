"""Reads results of queries in every format, and tells whether two are the same."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = tuple(_XSD + name for name in ("integer", "decimal", "double", "float"))
_ROW, _INDEX, _KIND = (ox.NamedNode(f"urn:row:{name}") for name in ("of", "index", "kind"))
_FORMATS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_ROWS = """
PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#>
SELECT ?row ?index ?name ?value {
    ?set rs:solution ?row . OPTIONAL { ?row rs:index ?index }
    OPTIONAL { ?row rs:binding [ rs:variable ?name ; rs:value ?value ] }
}
"""
Row = dict[str, object]


@dataclass(frozen=True)
class Result:
    """A result: a boolean, rows with their variables, or triples.

    `plain` has the cells of CSV, which are texts.
    """

    boolean: bool | None = None
    rows: tuple[Row, ...] | None = None
    triples: tuple[ox.Triple, ...] | None = None
    variables: frozenset[str] = frozenset()
    is_plain: bool = False
    is_ordered: bool = False


def read_file(path: Path, query: str) -> Result:
    """Return an expected result as its file holds it."""
    if path.suffix == ".csv":
        return read_csv(path.read_bytes())
    if path.suffix in _FORMATS:
        ordered = re.search(r"order\s+by(?!.*})", query, re.IGNORECASE | re.DOTALL)
        return read_rows(path.read_bytes(), _FORMATS[path.suffix], is_ordered=ordered is not None)
    kind = ox.RdfFormat.from_extension(path.suffix[1:])
    triples = [
        quad.triple for quad in ox.parse(path=str(path), format=kind, base_iri=path.as_uri())
    ]
    if any(_RS in str(triple) for triple in triples):
        return _result_set(triples)
    return Result(triples=tuple(triples))


def read_rows(data: bytes, kind: ox.QueryResultsFormat, *, is_ordered: bool = False) -> Result:
    return of(ox.parse_query_results(data, format=kind), is_ordered=is_ordered)


def of(found: object, *, is_ordered: bool = False) -> Result:
    """Return a result of pyoxigraph's."""
    if isinstance(found, ox.QueryBoolean):
        return Result(boolean=bool(found))
    if isinstance(found, ox.QueryTriples):
        return Result(triples=tuple(found))
    names = [variable.value for variable in found.variables]
    rows = tuple({n: row[n] for n in names if row[n] is not None} for row in found)
    return Result(rows=rows, variables=frozenset(names), is_ordered=is_ordered)


def read_triples(data: bytes) -> Result:
    return Result(
        triples=tuple(quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
    )


def read_csv(data: bytes) -> Result:
    names, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
    rows = tuple({n: _cell(c) for n, c in zip(names, cells, strict=True) if c} for cells in lines)
    return Result(rows=rows, variables=frozenset(names), is_plain=True)


def _cell(text: str) -> object:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.Literal(text)


def are_same(found: Result, expected: Result, *, is_lax: bool = False) -> bool:
    """Return whether two results are the same up to the labels of blank nodes.

    Numbers are compared by value; rows as multisets, in order where the expected ones have one, as
    sets where the test is lax about their number (REDUCED).
    """
    if expected.boolean is not None or expected.triples is not None:
        kinds = found.boolean, found.triples is None
        same = kinds == (expected.boolean, expected.triples is None)
        return same and _graph(found.triples or ()) == _graph(expected.triples or ())
    if found.rows is None or found.variables != expected.variables:
        return False
    ordered = expected.is_ordered and not is_lax
    return _dataset(found.rows, ordered, is_lax) == _dataset(expected.rows or (), ordered, is_lax)


def _result_set(triples: list[ox.Triple]) -> Result:
    """Read a result in the vocabulary of the DAWG test cases."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    quads = list(store.quads_for_pattern(None, ox.NamedNode(_RS + "boolean"), None))
    if quads:
        return Result(boolean=quads[0].object.value == "true")
    rows: dict[object, Row] = {}
    places: dict[object, int] = {}
    for line in store.query(_ROWS):
        row = rows.setdefault(line["row"], {})
        places[line["row"]] = int(line["index"].value) if line["index"] else 0
        if line["name"] is not None:
            row[line["name"].value] = line["value"]
    names = store.quads_for_pattern(None, ox.NamedNode(_RS + "resultVariable"), None)
    ordered = sorted(rows, key=lambda key: places[key])
    return Result(
        rows=tuple(rows[key] for key in ordered),
        variables=frozenset(quad.object.value for quad in names),
        is_ordered=any(places.values()),
    )


def _graph(triples: Iterable[ox.Triple]) -> frozenset[ox.Quad]:
    return _canonical(ox.Quad(t.subject, t.predicate, _by_value(t.object)) for t in triples)


def _dataset(rows: Iterable[Row], is_ordered: bool, is_lax: bool) -> frozenset[ox.Quad]:
    """Return rows as a graph: isomorphism of graphs is then sameness of results."""
    numbered = list(enumerate(rows))
    if is_lax:
        numbered = [
            (0, row) for row in {str(sorted(row.items())): row for _, row in numbered}.values()
        ]
    quads = []
    for index, row in numbered:
        node = ox.BlankNode()
        quads.append(ox.Quad(node, _KIND, _ROW))
        if is_ordered:
            quads.append(ox.Quad(node, _INDEX, ox.Literal(index)))
        for name, value in row.items():
            quads.append(ox.Quad(node, ox.NamedNode(f"urn:row:var:{name}"), _by_value(value)))
    return _canonical(quads)


def _canonical(quads: Iterable[ox.Quad]) -> frozenset[ox.Quad]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(dataset)


def _by_value(term: object) -> object:
    """Return a number in one lexical form of its datatype."""
    if not isinstance(term, ox.Literal) or term.datatype.value not in _NUMBERS:
        return term
    try:
        number = Decimal(term.value.strip())
    except InvalidOperation:
        return term
    value = (
        str(float(number))
        if term.datatype.value[-6:] in ("double", "#float")
        else str(number.normalize() + 0)
    )
    return ox.Literal(value, datatype=term.datatype)
