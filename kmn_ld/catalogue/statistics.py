"""Counts what a release holds, graph by graph; a build keeps the counts in a file."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from kmn_ld.catalogue.targets import targets
from kmn_ld.engine.terms import Iri, Literal, Row, Term
from kmn_ld.iris import is_ours
from kmn_ld.queries import load_query
from kmn_ld.vocab import BASE

MOST_GRAPHS = 1_000
"""Named graphs that are kept one by one, the largest of them."""
MOST_IN_DETAIL = 100
"""Named graphs up to which each is counted by class and property."""
MOST_TERMS = 5_000
"""Classes, and properties, up to which those of a graph are listed: all of them or none."""
MOST_EXAMPLES = 12
_OURS = f"<{BASE}"


class Asked(Protocol):
    """What answers trusted queries over a release."""

    def rows(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Return the solutions of a SELECT query."""
        ...

    def rows_for_each(self, query: str, name: str, terms: Iterable[Term]) -> list[Row]:
        """Return the solutions of a SELECT query for several terms (see `Engine`)."""
        ...


@dataclass(frozen=True)
class Size:
    """Triples of a graph or a property, their distinct subjects and their distinct objects."""

    triples: int = 0
    subjects: int = 0
    objects: int = 0


@dataclass(frozen=True)
class Counts:
    """What a graph holds.

    `by_class` is class → number of instances, `by_property` property → size; both are None where
    they were not counted or are too many. `classes` and `properties` are how many there are, None
    where they were not counted.
    """

    size: Size
    classes: int | None = None
    properties: int | None = None
    by_class: Mapping[str, int] | None = None
    by_property: Mapping[str, Size] | None = None


@dataclass(frozen=True)
class Links:
    """Triples of a property whose objects are in a data set of others, by its name in `targets`."""

    property: str
    target: str
    triples: int


@dataclass(frozen=True)
class Fact:
    """What the data says of a graph: IRI of a property, value, its language or datatype if any."""

    name: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def term(self) -> Term:
        """The value as a term."""
        if not self.datatype:
            return Iri(self.value)
        return Literal(self.value, self.language, self.datatype)


@dataclass(frozen=True)
class Statistics:
    """The default graph and the named ones (IRI → counts, at most `MOST_GRAPHS` of `graphs`).

    `entities` counts subjects with an IRI of ours, `ours` says so; without any, subjects with an
    IRI. `examples` are IRIs of things, one a class. `facts` is named graph → what is said of it.
    """

    default: Counts
    named: Mapping[str, Counts] = field(default_factory=dict)
    graphs: int = 0
    entities: int = 0
    ours: bool = False
    links: Sequence[Links] = ()
    examples: Sequence[str] = ()
    facts: Mapping[str, Sequence[Fact]] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the counts as they are written to disk."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Statistics":
        """Read counts back."""
        read: dict[str, Any] = json.loads(text)
        read["default"] = _counts(read["default"])
        read["named"] = {iri: _counts(entry) for iri, entry in read["named"].items()}
        read["links"] = [Links(**entry) for entry in read["links"]]
        read["facts"] = {
            iri: [Fact(**entry) for entry in facts] for iri, facts in read["facts"].items()
        }
        return cls(**read)


def _counts(read: dict[str, Any]) -> Counts:
    sizes = read["by_property"]
    read["size"] = Size(**read["size"])
    read["by_property"] = sizes and {iri: Size(**size) for iri, size in sizes.items()}
    return Counts(**read)


def count(engine: Asked, lines: Iterable[str]) -> Statistics:
    """Count what a release holds, in some passes over its store and one over lines.

    The lines are those of the default graph, N-Triples sorted by code point.
    """
    (whole,) = _rows(engine, "default")
    classes = _rows(engine, "default-classes")
    read = _read(lines)
    named = _named(engine)
    kept = dict(sorted(list(named.items())[:MOST_GRAPHS]))
    return Statistics(
        default=_gathered(_size(whole), classes, _rows(engine, "default-properties")),
        named=kept,
        graphs=len(named),
        entities=read.ours or read.subjects,
        ours=read.ours > 0,
        links=[Links(*key, triples) for key, triples in sorted(read.links.items())],
        examples=_examples(classes),
        facts=_facts(engine, kept),
    )


@dataclass
class _Read:
    """What lines tell: different IRIs as subjects, those of ours, (property, target) → links."""

    subjects: int = 0
    ours: int = 0
    links: Counter[tuple[str, str]] = field(default_factory=Counter)


def _read(lines: Iterable[str]) -> _Read:
    found = _Read()
    before = ""
    spaces = {f"<{target.space}": name for name, target in targets().items()}
    starts = tuple(spaces)
    for line in lines:
        subject, predicate, value = line.split(" ", 2)
        if subject != before:
            before = subject
            found.subjects += subject.startswith("<")
            found.ours += subject.startswith(_OURS)
        if value.startswith(starts):
            name = next(spaces[start] for start in starts if value.startswith(start))
            found.links[predicate[1:-1], name] += 1
    return found


def _named(engine: Asked) -> dict[str, Counts]:
    """Return the named graphs, the largest first."""
    sizes = {row["graph"].value: _size(row) for row in _rows(engine, "named")}
    if len(sizes) > MOST_IN_DETAIL:
        return {iri: Counts(size) for iri, size in sizes.items()}
    classes = _by_graph(_rows(engine, "named-classes"))
    properties = _by_graph(_rows(engine, "named-properties"))
    return {iri: _gathered(sizes[iri], classes[iri], properties[iri]) for iri in sizes}


def _gathered(size: Size, classes: Sequence[Row], properties: Sequence[Row]) -> Counts:
    by_class = {row["term"].value: _number(row, "instances") for row in classes}
    by_property = {row["term"].value: _size(row) for row in properties}
    return Counts(
        size,
        len(by_class),
        len(by_property),
        by_class if len(by_class) <= MOST_TERMS else None,
        by_property if len(by_property) <= MOST_TERMS else None,
    )


def _by_graph(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["graph"].value].append(row)
    return found


def _examples(classes: Iterable[Row]) -> list[str]:
    """Return things that stand for their classes, the largest classes first; ours, if any are."""
    ordered = sorted(classes, key=lambda row: (-_number(row, "instances"), row["term"].value))
    found = dict.fromkeys(row["example"].value for row in ordered if "example" in row)
    things = [iri for iri in found if is_ours(iri) and "/id/" in iri and "#" not in iri]
    return (things or list(found))[:MOST_EXAMPLES]


def _facts(engine: Asked, graphs: Iterable[str]) -> dict[str, list[Fact]]:
    query = load_query("statistics/graph-facts")
    found: dict[str, list[Fact]] = {}
    for row in engine.rows_for_each(query, "graph", [Iri(iri) for iri in graphs]):
        value = row["value"]
        told = (value.language, value.datatype) if isinstance(value, Literal) else ("", "")
        fact = Fact(row["property"].value, value.value, *told)
        found.setdefault(row["graph"].value, []).append(fact)
    return found


def _rows(engine: Asked, name: str) -> list[Row]:
    return engine.rows(load_query(f"statistics/{name}"))


def _size(row: Row) -> Size:
    return Size(*(_number(row, name) for name in ("triples", "subjects", "objects")))


def _number(row: Row, name: str) -> int:
    return int(row[name].value)
