"""Counts how often properties and classes are used, with an example; a build keeps it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kmn_ld.sources import DERIVED
from kmn_ld.vocab import GRAPH, PREFIXES

LINK, TEXT = "@id", "@language"
"""Kinds of values beside datatypes: IRIs and blank nodes, texts with a language."""

_MOST_TERMS = 5_000
"""Terms that are counted; a dataset of anything may have more, and no page would tell them."""
_LONGEST_EXAMPLE = 400
_TYPE = f"<{PREFIXES['rdf']}type>"
_STRING = PREFIXES["xsd"] + "string"
_VOCABULARIES = (f"{GRAPH}ontology", f"{GRAPH}shapes")
_CONCLUSIONS = GRAPH + DERIVED
_NO_EXAMPLE = 9
NAMES_OF_PERSONS = (f"{PREFIXES['kmn']}contactPersonName", f"{PREFIXES['vcard']}fn")
"""Properties without an example: a name stands where its basis and source stand, nowhere else."""


@dataclass(frozen=True)
class TermUsage:
    """How a property or class is used in the data.

    `counts` is named graph → number of statements (of a class: of its instances); `values` is kind
    (`LINK`, `TEXT` or a datatype) → number. `example` is a subject's IRI and, of a property, its
    value in N-Triples; both empty where there is none.
    """

    counts: Mapping[str, int]
    values: Mapping[str, int]
    example: tuple[str, str] = ("", "")

    @property
    def in_data(self) -> int:
        """Statements in all named graphs but those of ontology and shapes."""
        return sum(count for graph, count in self.counts.items() if graph not in _VOCABULARIES)

    @property
    def derived(self) -> int:
        """How many of these follow from others."""
        return self.counts.get(_CONCLUSIONS, 0)


@dataclass(frozen=True)
class Usage:
    """IRI → usage of the properties and of the classes of a release."""

    properties: Mapping[str, TermUsage] = field(default_factory=dict)
    classes: Mapping[str, TermUsage] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> "Usage":
        """Read what `UsageCounting.to_json` wrote."""
        read: dict[str, dict[str, Any]] = json.loads(text)
        properties, classes = (
            {
                iri: TermUsage(entry["counts"], entry["values"], tuple(entry["example"]))
                for iri, entry in read[part].items()
            }
            for part in ("properties", "classes")
        )
        return cls(properties, classes)


@dataclass
class _Counted:
    counts: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    example: tuple[str, str] = ("", "")
    rank: int = _NO_EXAMPLE

    def add(self, graph: str, kind: str) -> None:
        self.counts[graph] = self.counts.get(graph, 0) + 1
        if kind:
            self.values[kind] = self.values.get(kind, 0) + 1

    def offer(self, graph: str, subject: str, value: str) -> None:
        """Take an example where it is better: stated in the data, and about a thing, not a part."""
        if self.rank == 0 or graph in _VOCABULARIES or "/id/" not in subject:
            return
        rank = 2 * (graph == _CONCLUSIONS) + ("#" in subject)
        if rank < self.rank and len(value) <= _LONGEST_EXAMPLE:
            self.example, self.rank = (subject[1:-1], value), rank


class UsageCounting:
    """Counts statements as they come, in a memory that has a bound."""

    def __init__(self) -> None:
        self._properties: dict[str, _Counted] = {}
        self._classes: dict[str, _Counted] = {}

    def add(self, graph: str, line: str) -> None:
        """Count a triple of a named graph, a line of canonical N-Triples."""
        subject, predicate, rest = line.split(" ", 2)
        value = rest[:-2]
        if predicate == _TYPE:
            if value.startswith("<"):
                self._note(self._classes, value, graph, "", (subject, ""))
            return
        self._note(self._properties, predicate, graph, _kind(value), (subject, value))

    def to_json(self) -> str:
        """Return what was counted as it is written to disk."""
        parts = {"properties": self._properties, "classes": self._classes}
        document = {
            part: {
                iri: {"counts": one.counts, "values": one.values, "example": one.example}
                for iri, one in sorted(terms.items())
            }
            for part, terms in parts.items()
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"

    @staticmethod
    def _note(
        terms: dict[str, _Counted], term: str, graph: str, kind: str, example: tuple[str, str]
    ) -> None:
        iri = term[1:-1]
        if iri not in terms and len(terms) >= _MOST_TERMS:
            return
        counted = terms.setdefault(iri, _Counted())
        counted.add(graph, kind)
        if iri not in NAMES_OF_PERSONS:
            counted.offer(graph, *example)


def _kind(value: str) -> str:
    if not value.startswith('"'):
        return LINK
    suffix = value[value.rfind('"') + 1 :]
    if suffix.startswith("@"):
        return TEXT
    return suffix[3:-1] or _STRING
