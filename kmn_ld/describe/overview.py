"""Counts what a named graph holds, statement by statement; a build keeps it beside the graph."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from kmn_ld.engine.terms import Iri, Literal, Statement
from kmn_ld.vocab import PREFIXES

MOST_LISTED = 500
"""Things that are listed of one graph; its files hold all."""

_MOST_TYPES = 200
_TYPE = PREFIXES["rdf"] + "type"


@dataclass(frozen=True)
class TypeOverview:
    """A type, how many things of it there are, and some of them, by IRI."""

    type: str
    count: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class GraphOverview:
    """A named graph: triples, language tags, things by type (parts of things left out).

    `unwritten` is format name → what it cannot express (details of an error and its `key`).
    """

    triples: int
    languages: tuple[str, ...] = ()
    types: tuple[TypeOverview, ...] = ()
    unwritten: Mapping[str, Mapping[str, str]] | None = None

    def to_json(self) -> str:
        """Return the overview as it is written to disk."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "GraphOverview":
        """Read an overview back."""
        values = json.loads(text)
        types = tuple(
            TypeOverview(entry["type"], entry["count"], tuple(entry["members"]))
            for entry in values["types"]
        )
        languages = tuple(values["languages"])
        return cls(values["triples"], languages, types, values["unwritten"])


class Counting:
    """Counts statements as they come, sorted by subject, in a memory that has a bound."""

    def __init__(self) -> None:
        self._triples = 0
        self._languages: set[str] = set()
        self._counts: dict[str, int] = {}
        self._members: dict[str, list[str]] = {}

    def add(self, subject: str, predicate: str, value: str, language: str) -> None:
        """Count a triple; what is no IRI is empty, `language` is the tag of a literal."""
        self._triples += 1
        if language:
            self._languages.add(language)
        is_part = "/id/" in subject and "#" in subject
        if predicate != _TYPE or not subject or not value or is_part:
            return
        if value in self._counts or len(self._counts) < _MOST_TYPES:
            self._counts[value] = self._counts.get(value, 0) + 1
            members = self._members.setdefault(value, [])
            if len(members) < MOST_LISTED:
                members.append(subject)

    def overview(self, unwritten: Mapping[str, Mapping[str, str]]) -> GraphOverview:
        """Return what was counted; all types have a fair share of the list."""
        shares = {}
        left, waiting = MOST_LISTED, len(self._counts)
        for kind, count in sorted(self._counts.items(), key=lambda entry: entry[1]):
            shares[kind] = min(count, left // waiting)
            left, waiting = left - shares[kind], waiting - 1
        types = tuple(
            TypeOverview(kind, count, tuple(self._members[kind][: shares[kind]]))
            for kind, count in sorted(self._counts.items())
        )
        return GraphOverview(self._triples, tuple(sorted(self._languages)), types, unwritten)


def overview_of(statements: Iterable[Statement]) -> GraphOverview:
    """Return the overview of a graph that is small enough to be at hand as a whole."""
    counting = Counting()
    for entry in statements:
        value = entry.object
        counting.add(
            entry.subject.value if isinstance(entry.subject, Iri) else "",
            entry.predicate.value,
            value.value if isinstance(value, Iri) else "",
            value.language if isinstance(value, Literal) else "",
        )
    return counting.overview({})
