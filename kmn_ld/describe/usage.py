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
_OURS = f"<{PREFIXES['kmn']}"
_STRING = PREFIXES["xsd"] + "string"
_VOCABULARIES = (f"{GRAPH}ontology", f"{GRAPH}shapes")
_CONCLUSIONS = GRAPH + DERIVED
_BEST = (False, False, (0, 0))
"""Rank of a value that nothing can excel."""
_MOST_PARTS = 1_000
"""Subjects of one document that are looked at together."""
NAMES_OF_PERSONS = (f"{PREFIXES['kmn']}contactPersonName", f"{PREFIXES['vcard']}fn")
"""Properties without an example: a name stands where its basis and source stand, nowhere else."""


@dataclass(frozen=True)
class TermUsage:
    """How a property or class is used in the data.

    `counts` is named graph → number of statements (of a class: of its instances); `values` is kind
    (`LINK`, `TEXT` or a datatype) → number. `example` is a subject's IRI, of a class that of the
    thing with the most properties, and, of a property, its value in N-Triples; both empty where
    there is none.
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

    def of_datatype(self, iri: str) -> int:
        """How many values have a datatype."""
        return sum(used.values.get(iri, 0) for used in self.properties.values())

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
    rank: tuple[bool, bool, tuple[int, int]] | None = None

    def add(self, graph: str, kind: str) -> None:
        self.counts[graph] = self.counts.get(graph, 0) + 1
        if kind:
            self.values[kind] = self.values.get(kind, 0) + 1

    def offer(self, graph: str, example: tuple[str, str], demerits: tuple[int, int]) -> None:
        """Take an example where it is better.

        Best is what is stated in the data, and about a thing, not a part; then what has fewer
        demerits.
        """
        subject, value = example
        if graph in _VOCABULARIES or "/id/" not in subject or len(value) > _LONGEST_EXAMPLE:
            return
        rank = (graph == _CONCLUSIONS, "#" in subject, demerits)
        if self.rank is None or rank < self.rank:
            self.example, self.rank = (subject[1:-1], value), rank


@dataclass
class _Document:
    """The subjects with one IRI up to the `#`, as they come in order: classes, properties."""

    graph: str = ""
    iri: str = ""
    types: dict[str, list[str]] = field(default_factory=dict)
    properties: dict[str, set[str]] = field(default_factory=dict)

    def richness(self, subject: str) -> tuple[int, int]:
        """How many different properties a thing has with its parts, a part by itself.

        Then how many of them are ours: they tell more than names and dates do.
        """
        is_part = "#" in subject
        used = self.properties[subject] if is_part else set().union(*self.properties.values())
        return len(used), sum(by.startswith(_OURS) for by in used)


class UsageCounting:
    """Counts statements as they come, in a memory that has a bound."""

    def __init__(self) -> None:
        self._properties: dict[str, _Counted] = {}
        self._classes: dict[str, _Counted] = {}
        self._document = _Document()

    def add(self, graph: str, line: str) -> None:
        """Count a triple of a named graph, a line of canonical N-Triples."""
        subject, predicate, rest = line.split(" ", 2)
        value = rest[:-2]
        known = self._document_of(graph, subject).setdefault(subject, set())
        if predicate != _TYPE:
            counted = self._note(self._properties, predicate, graph, _kind(value))
            if counted is None:
                return
            known.add(predicate)
            if counted.rank != _BEST and predicate[1:-1] not in NAMES_OF_PERSONS:
                counted.offer(graph, (subject, value), (int(_is_foreign(value)), 0))
        elif value.startswith("<") and self._note(self._classes, value, graph, ""):
            self._document.types.setdefault(subject, []).append(value[1:-1])

    def _document_of(self, graph: str, subject: str) -> dict[str, set[str]]:
        """Return the properties of the present document, after what was of the one before it."""
        done = self._document
        if subject in done.properties and done.graph == graph:
            return done.properties
        iri = subject.rstrip(">").partition("#")[0]
        if (done.graph, done.iri) != (graph, iri) or len(done.properties) >= _MOST_PARTS:
            self._offer_things()
            self._document = _Document(graph, iri)
        return self._document.properties

    def _offer_things(self) -> None:
        """Offer the things of a document as examples of their classes, the richer the better."""
        done = self._document
        for subject, types in done.types.items():
            properties, ours = done.richness(subject)
            for iri in types:
                self._classes[iri].offer(done.graph, (subject, ""), (-properties, -ours))

    def to_json(self) -> str:
        """Return what was counted as it is written to disk."""
        self._offer_things()
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
    def _note(terms: dict[str, _Counted], term: str, graph: str, kind: str) -> _Counted | None:
        """Count a use; None where there are too many terms."""
        iri = term[1:-1]
        if iri not in terms and len(terms) >= _MOST_TERMS:
            return None
        counted = terms.setdefault(iri, _Counted())
        counted.add(graph, kind)
        return counted


def _is_foreign(value: str) -> bool:
    """Whether a text is in another language than that of the sources."""
    return value.startswith('"') and _kind(value) == TEXT and not value.endswith("@de")


def _kind(value: str) -> str:
    if not value.startswith('"'):
        return LINK
    suffix = value[value.rfind('"') + 1 :]
    if suffix.startswith("@"):
        return TEXT
    return suffix[3:-1] or _STRING
