"""Reads the rows of a result for pages and maps, and writes their terms for readers."""

import json
from collections.abc import Mapping
from math import isfinite

from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.engine.terms import Iri, Literal, Term
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import links, wording
from kmn_ld.web.results import term_of

MOST_READ = 8 * 1024 * 1024
"""Bytes of a result that pages and maps are made of."""

_NUMBERS = frozenset(
    PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int")
)

Row = Mapping[str, Term]


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
