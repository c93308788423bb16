"""Reads the rows of a result for pages and maps, columns by the language of the reader."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.engine.terms import Iri, Literal, Term
from kmn_ld.queries import GEOMETRY, SUFFIXES
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import links, wording
from kmn_ld.web.results import term_of

MOST_READ = 8 * 1024 * 1024
"""Bytes of a result that pages and maps are made of."""

_NUMBERS = frozenset(
    PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int")
)

Row = Mapping[str, Term]


@dataclass(frozen=True)
class Column:
    """A column for readers of a language: its name, and the variables that fill it, best first."""

    name: str
    sources: tuple[str, ...]

    def value(self, row: Row) -> Term | None:
        """Return what stands in it, None where the cell is empty."""
        return next((row[source] for source in self.sources if source in row), None)


def body_of(answer: PublicAnswer) -> bytes | None:
    """Return the bytes of a result, None where it is larger than `MOST_READ`; its file goes."""
    try:
        if answer.length > MOST_READ:
            return None
        return answer.path.read_bytes() if answer.path else answer.body
    finally:
        if answer.path:
            answer.path.unlink(missing_ok=True)


def rows_of(body: bytes) -> list[Row]:
    """Return the solutions of a result in SPARQL JSON."""
    return [
        {name: term_of(value) for name, value in binding.items()}
        for binding in json.loads(body)["results"]["bindings"]
    ]


def columns_for(names: Sequence[str], language: str) -> tuple[Column, ...]:
    """Return the columns of a table: what is there in several languages stands once, in one.

    Geometries are left out, the map shows them.
    """
    found: dict[str, Column] = {}
    for name in names:
        ending = name[-2:]
        stem = name[:-2]
        pair = {tag: stem + end for tag, end in SUFFIXES.items() if stem + end in names}
        if ending in SUFFIXES.values() and len(pair) == len(SUFFIXES):
            others = (source for tag, source in pair.items() if tag != language)
            found.setdefault(stem, Column(stem, (pair[language], *others)))
        elif name != GEOMETRY:
            found[name] = Column(name, (name,))
    return tuple(found.values())


def column_named(name: str, columns: Sequence[str], language: str) -> Column:
    """Return the column that a view names; `pillar` may be `pillarDe` and `pillarEn`."""
    plain = {column.name: column for column in columns_for(columns, language)}
    return Column(name, (name,)) if name in columns else plain[name]


def number(term: Term | None) -> float | None:
    """Return the value of a number, None for all else and for what is infinite or no number."""
    if not isinstance(term, Literal) or term.datatype not in _NUMBERS:
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if isfinite(value) else None


def written(value: float) -> str:
    """Return a number with the marks of the reader's language, with one decimal unless whole."""
    return wording.marked(f"{value:,.0f}" if value.is_integer() else f"{value:,.1f}")


def told(term: Term | None) -> str:
    """Return a term as a text for readers."""
    if isinstance(term, Literal):
        return term.value if term.language else wording.worded(term).text
    if isinstance(term, Iri):
        return links.short(term.value)
    return term.value if term else "–"
