"""Opens the index of a release and looks things up in it; ranks nothing."""

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kmn_ld.engine.terms import Literal
from kmn_ld.errors import BuildError
from kmn_ld.search import bits
from kmn_ld.search.documents import Choice
from kmn_ld.search.writing import VERSION, code_of

NAMED = "names also"
"""Columns of what a thing is called."""


@dataclass(frozen=True)
class Found:
    """A document as it is kept: see `writing` and `Document`."""

    number: int
    iri: str
    type: str
    names: tuple[Literal, ...]
    others: tuple[Literal, ...]
    places: tuple[str, ...]
    about: tuple[tuple[str, str, str], ...]
    is_active: bool


@dataclass(frozen=True)
class Ranked:
    """What a document is ranked by: stems of each of its names, and of its other columns."""

    number: int
    type: str
    names: tuple[tuple[str, ...], ...]
    also: frozenset[str]
    places: frozenset[str]
    about: frozenset[str]


class Index:
    """The index of a release; each thread has a connection of its own.

    The file never changes while it is open: it belongs to a release.
    """

    def __init__(self, path: Path) -> None:
        self._address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        self._local = threading.local()
        connections: list[sqlite3.Connection] = []
        self._connections = connections
        weakref.finalize(self, _close, connections)
        try:
            (version,) = self._row("PRAGMA user_version")
        except sqlite3.Error as error:
            raise BuildError("search-unreadable", path=path) from error
        if version != VERSION:
            raise BuildError("search-unreadable", path=path)

    def _row(self, query: str, *values: object) -> Any:
        return self._file.execute(query, values).fetchone()

    @property
    def _file(self) -> sqlite3.Connection:
        if not hasattr(self._local, "file"):
            # closed by whichever thread drops the index, but used by this one alone
            file = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            self._local.file = file
            self._connections.append(file)
        found: sqlite3.Connection = self._local.file
        return found

    @cached_property
    def size(self) -> int:
        """The number of documents."""
        count: int = self._row("SELECT count(*) FROM documents")[0]
        return count

    @cached_property
    def everything(self) -> int:
        """The set of all documents."""
        return (1 << self.size) - 1

    @cached_property
    def active(self) -> int:
        """The set of documents of things that are not over."""
        return self.everything & ~self._facets[1]["inactive"][""]

    @property
    def choices(self) -> dict[str, dict[str, Choice]]:
        """Facet → value → what it is."""
        return self._facets[0]

    def having(self, facet: str, value: str) -> int:
        """Return the set of documents that have a value of a facet."""
        return self._facets[1].get(facet, {}).get(value, 0)

    @cached_property
    def _facets(self) -> tuple[dict[str, dict[str, Choice]], dict[str, dict[str, int]]]:
        choices: dict[str, dict[str, Choice]] = {}
        sets: dict[str, dict[str, int]] = {}
        for facet, value, iri, names, flags in self._file.execute("SELECT * FROM facets"):
            choices.setdefault(facet, {})[value] = Choice(value, iri, _literals(json.loads(names)))
            sets.setdefault(facet, {})[value] = int.from_bytes(flags, "little")
        return choices, sets

    def matching(self, expression: str, columns: str = "") -> int:
        """Return the set of documents that an FTS5 expression matches, in some columns or all."""
        return bits.of_numbers(self.first(expression, -1, columns), self.size)

    def first(self, expression: str, count: int, columns: str = "") -> list[int]:
        """Return the first documents, -1 for all, that an FTS5 expression matches."""
        limited = f"{{{columns}}} : ({expression})" if columns else expression
        query = "SELECT rowid FROM texts WHERE texts MATCH ? LIMIT ?"
        return [number for (number,) in self._file.execute(query, (limited, count))]

    def documents(self, numbers: Sequence[int]) -> list[Found]:
        """Return documents by their numbers, in that order."""
        query = f"SELECT number, iri, shown FROM documents WHERE number IN ({_marks(numbers)})"
        found = {
            number: _found(number, iri, json.loads(shown))
            for number, iri, shown in self._file.execute(query, list(numbers))
        }
        return [found[number] for number in numbers]

    def ranked(self, numbers: Sequence[int]) -> list[Ranked]:
        """Return what documents are ranked by."""
        query = f"SELECT number, ranked FROM documents WHERE number IN ({_marks(numbers)})"
        return [
            _ranked(number, *json.loads(text))
            for number, text in self._file.execute(query, list(numbers))
        ]

    def with_code(self, text: str) -> list[int]:
        """Return the documents with an id or a key, of an id that moved what it moved to."""
        query = "SELECT number, moved FROM codes WHERE code = ? ORDER BY number"
        found = []
        for number, moved in self._file.execute(query, (code_of(text),)).fetchall():
            target = self.number_of(moved) if moved else number
            found += [] if target is None else [target]
        return found

    def number_of(self, iri: str) -> int | None:
        """Return the document of an IRI, None where it has none."""
        path = iri.rpartition("/id/")[2]
        row = self._row("SELECT number FROM codes WHERE code = ?", code_of(path))
        found: int | None = row[0] if row else None
        return found

    def words(self, condition: str, *values: object) -> list[tuple[str, str, str, int]]:
        """Return (folded, as it is written, stem, documents) of words, by an SQL condition."""
        query = f"SELECT word, written, stem, documents FROM words WHERE {condition}"
        return self._file.execute(query, values).fetchall()

    def knows(self, stem: str) -> bool:
        """Return whether a stem stands in any document."""
        return self._row("SELECT 1 FROM words WHERE stem = ? LIMIT 1", stem) is not None

    def words_with(self, letters: str, most: int) -> list[int]:
        """Return the numbers of words that hold three or more letters in a row."""
        query = "SELECT rowid FROM letters WHERE letters MATCH ? LIMIT ?"
        quoted = '"' + letters.replace('"', '""') + '"'
        return [number for (number,) in self._file.execute(query, (quoted, most))]


def _close(connections: Iterable[sqlite3.Connection]) -> None:
    for connection in connections:
        with suppress(sqlite3.Error):
            connection.close()


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _ranked(number: int, kind: str, names: list[str], *columns: str) -> Ranked:
    parted = tuple(tuple(name.split()) for name in names)
    return Ranked(number, kind, parted, *(frozenset(column.split()) for column in columns))


def _literals(pairs: Iterable[Sequence[str]]) -> tuple[Literal, ...]:
    return tuple(Literal(text, language) for text, language in pairs)


def _found(number: int, iri: str, shown: dict[str, Any]) -> Found:
    return Found(
        number=number,
        iri=iri,
        type=shown["type"],
        names=_literals(shown["names"]),
        others=_literals(shown["others"]),
        places=tuple(shown["places"]),
        about=tuple((field, text, language) for field, text, language in shown["about"]),
        is_active=shown["active"],
    )
