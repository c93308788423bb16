"""What the value of a parameter may be: one table, type → how it is read, asked for and described.

A value is read from a text of a reader's (a form, an address, the command line) into the lexical
form of a typed term. It enters a query by substitution, never as text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time

from kmn_ld import iris
from kmn_ld.vocab import BASE, PREFIXES

LONGEST = 1_000
"""Characters of a value in an address."""

_XSD = PREFIXES["xsd"]
_ABSOLUTE = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]+""")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NATURAL = re.compile(r"[0-9]+")
_DEGREES = r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?"
_POINT = re.compile(rf"POINT\s*\(\s*({_DEGREES})\s+({_DEGREES})\s*\)", re.IGNORECASE)


@dataclass(frozen=True)
class ParameterType:
    """A type of parameters.

    `read` returns the lexical form, raises ValueError; `datatype` is an IRI, empty where the value
    is an IRI itself; `input` is the type of the field in a form (HTML, 4.10.5.1); `schema` is a
    JSON Schema (OpenAPI 3.1); `example` is a value as people write it.
    """

    name: str
    read: Callable[[str], str]
    datatype: str
    input: str
    schema: Mapping[str, str | int]
    example: str


def _iri(text: str) -> str:
    """Read an IRI: in full, as a prefixed name, or as the path behind `/id/`."""
    prefix, mark, local = text.partition(":")
    if mark and prefix in PREFIXES:
        text = PREFIXES[prefix] + local
    elif thing := iris.parse_path(text.removeprefix(BASE).removeprefix("id/")):
        return thing.iri
    if _ABSOLUTE.fullmatch(text):
        return text
    raise ValueError(text)


def _integer(text: str) -> str:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return text


def _natural(text: str) -> str:
    if not _NATURAL.fullmatch(text):
        raise ValueError(text)
    return text


def _point(text: str) -> str:
    """Read a point in Well-Known Text, longitude before latitude (GeoSPARQL 1.1, 8.5.1)."""
    match = _POINT.fullmatch(text)
    if not match or abs(float(match[1])) > 180 or abs(float(match[2])) > 90:  # noqa: PLR2004
        raise ValueError(text)
    return f"POINT({match[1]} {match[2]})"


def _date(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _time(text: str) -> str:
    return time.fromisoformat(text).isoformat()


_KINDS = (
    ParameterType(
        "iri",
        _iri,
        "",
        "text",
        {"type": "string", "format": "iri"},
        f"{BASE}id/district/03351",
    ),
    ParameterType("string", str, _XSD + "string", "text", {"type": "string"}, "Celle"),
    ParameterType(
        "date", _date, _XSD + "date", "date", {"type": "string", "format": "date"}, "2026-03-01"
    ),
    ParameterType(
        "time", _time, _XSD + "time", "time", {"type": "string", "format": "time"}, "09:30:00"
    ),
    ParameterType("integer", _integer, _XSD + "integer", "number", {"type": "integer"}, "19"),
    ParameterType(
        "natural",
        _natural,
        _XSD + "integer",
        "number",
        {"type": "integer", "minimum": 0},
        "19",
    ),
    ParameterType(
        "point",
        _point,
        _XSD + "string",
        "text",
        {"type": "string", "pattern": rf"^POINT *\( *{_DEGREES} +{_DEGREES} *\)$"},
        "POINT(8.2 53.14)",
    ),
)

TYPES: Mapping[str, ParameterType] = {kind.name: kind for kind in _KINDS}
"""Name in the header line `#+ params:` → type."""
