"""Knows the columns of a result as readers see them: one rule for tables, pictures and checks.

A thing and its name are one column: `pillar` (the IRI), `pillarDe` and `pillarEn` (or `pillarName`)
are the column `pillar`, which shows the name and leads to the thing.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kmn_ld.messages import catalogue

GEOMETRY = "geometry"
"""Column that holds WKT, in the results of queries for maps."""
SUFFIXES = {"de": "De", "en": "En"}
"""Language → end of the name of a variable whose texts are in it."""
_NAME = "Name"
"""End of the name of a variable with the only name of a thing."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Column:
    """A column for readers: its name, the variables that fill it, best first, and the thing's.

    `thing` is the variable with the IRI of what the column names, empty where the result has none.
    """

    name: str
    sources: tuple[str, ...]
    thing: str = ""

    def value(self, row: Mapping[str, _Value]) -> _Value | None:
        """Return what stands in it, None where the cell is empty."""
        filled = (name for name in (*self.sources, self.thing) if name in row)
        return next((row[name] for name in filled), None)

    def label(self, language: str) -> str:
        """Return its heading in a language: from the catalogue, else its name in words."""
        words: dict[str, str] = catalogue(language)["library_columns"]
        return words.get(self.name) or _HUMP.sub(" ", self.name).lower()


def columns_for(names: Sequence[str], language: str) -> tuple[Column, ...]:
    """Return the columns of a table: what is there in several languages stands once, in one.

    Geometries are left out, the map shows them.
    """
    found: dict[str, Column] = {}
    for name in names:
        if name != GEOMETRY:
            column = _column(_stem(name, names), names, language)
            found.setdefault(column.name, column)
    return tuple(found.values())


def column_named(name: str, names: Sequence[str], language: str) -> Column | None:
    """Return the column that a view names, None where the result has none of that name."""
    known = {column.name: column for column in columns_for(names, language)}
    return known.get(name) or (Column(name, (name,)) if name in names else None)


def _stem(name: str, names: Collection[str]) -> str:
    """Return the name of the column that a variable belongs to."""
    stem = name[:-2]
    if name.endswith(tuple(SUFFIXES.values())) and _is_paired(stem, names):
        return stem
    stem = name.removesuffix(_NAME)
    return stem if stem in names and not _is_paired(stem, names) else name


def _column(name: str, names: Collection[str], language: str) -> Column:
    if _is_paired(name, names):
        others = (end for tag, end in SUFFIXES.items() if tag != language)
        sources = tuple(name + end for end in (SUFFIXES[language], *others))
    elif name + _NAME in names and name in names:
        sources = (name + _NAME,)
    else:
        return Column(name, (name,))
    return Column(name, sources, name if name in names else "")


def _is_paired(stem: str, names: Collection[str]) -> bool:
    return all(stem + end in names for end in SUFFIXES.values())
