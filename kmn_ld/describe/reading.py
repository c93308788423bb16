"""Reads what the store says about a thing or in a graph into a description."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kmn_ld import iris
from kmn_ld.describe.model import (
    Attribution,
    Description,
    GraphDescription,
    Group,
    Incoming,
    Part,
    Property,
    Value,
)
from kmn_ld.describe.names import NAMING, Names, expand, incoming_names, labels_of, shorten
from kmn_ld.describe.order import IDENTIFIERS, MIRRORS, PROVENANCE, property_order
from kmn_ld.describe.overview import GraphOverview, TypeOverview, overview_of
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Row, Statement, Term
from kmn_ld.queries import load_query
from kmn_ld.vocab import BASE, GRAPH, ONTOLOGY, PREFIXES, SHAPES

_RDF = PREFIXES["rdf"]
_SOURCES = ("prov:hadPrimarySource", "prov:wasDerivedFrom", "dcterms:source")
_FIRST_TYPES = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "sh:NodeShape")
MOST_NESTED = 12
"""Levels of parts within parts that are told; what is deeper stands in the data alone."""
MOST_TOLD = 10_000
"""Triples up to which a vocabulary is told on one page."""

_VOCABULARIES = {GRAPH + "ontology": ONTOLOGY, GRAPH + "shapes": SHAPES}


def describe(engine: Engine, iri: str) -> Description:
    """Return what is said about a thing and its parts, and what points at it."""
    statements = engine.statements_about(iri)
    reader = _Reader(engine, statements, parts=iri + "#")
    graphs = sorted({entry.graph for entry in statements if entry.graph is not None})
    return Description(
        thing=reader.part(Iri(iri)),
        attributions=_attributions(engine, statements, reader),
        incoming=_incoming(engine, iri, reader),
        graphs=tuple(reader.value(graph) for graph in graphs),
    )


def describe_graph(
    engine: Engine, iri: str, overview: GraphOverview | None = None
) -> GraphDescription | None:
    """Return what a named graph holds, or None where there is no such graph.

    Ontology and shapes are told in full up to `MOST_TOLD` triples; of other graphs the things that
    the overview lists are named. Without an overview the whole graph is read.
    """
    overview = overview or overview_of(engine.graph(iri))
    if not overview.triples:
        return None
    about = _VOCABULARIES.get(iri, iri)
    is_told = about != iri and overview.triples <= MOST_TOLD
    reader = _Reader(engine, engine.graph(iri) if is_told else engine.statements_about(about))
    listed = sorted(overview.types, key=lambda entry: _type_order(entry.type))
    groups = [_group(entry, about, reader) for entry in listed]
    return GraphDescription(
        iri=iri,
        about=reader.part(Iri(about)),
        attributions=_attributions(engine, engine.statements_about(iri), reader),
        groups=tuple(group for group in groups if group.count),
        is_ontology=about == ONTOLOGY,
        is_complete=all(group.count == len(group.members) for group in groups),
        triples=overview.triples,
    )


def _group(entry: TypeOverview, about: str, reader: "_Reader") -> Group:
    """Return the things of a type; what the graph is about is told apart."""
    members = tuple(reader.part(Iri(member)) for member in entry.members if member != about)
    count = entry.count - (about in entry.members)
    return Group(reader.value(Iri(entry.type)), members, count)


def all_attributions(engine: Engine) -> tuple[Attribution, ...]:
    """Return how the sources of everything want to be named."""
    return _told(engine.rows(load_query("attributions")), _Reader(engine, ()))


@dataclass
class _Reader:
    """Reads statements subject by subject and looks names up, each once.

    What begins with `parts` is told where it is referred to; empty: nothing is.
    """

    engine: Engine
    statements: Sequence[Statement]
    parts: str = ""
    known: dict[str, Names] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._subjects: dict[Iri | BlankNode, dict[str, dict[Term, None]]] = {}
        for entry in self.statements:
            values = self._subjects.setdefault(entry.subject, {})
            values.setdefault(entry.predicate.value, {})[entry.object] = None
        self._told: set[Term] = set()
        self._depth = 0

    def part(self, subject: Iri | BlankNode) -> Part:
        """Return what is said about a subject; its own names are left to `names`."""
        said = self._subjects.get(subject, {})
        own = [value for values in said.values() for value in values if self._is_nested(value)]
        here = {value for value in own if value not in self._told} - {subject}
        self._told |= here | {subject}
        names = self.names(subject.value) if isinstance(subject, Iri) else ()
        left_out = {_RDF + "type"} | _naming_property(said, names)
        ordered = sorted(set(said) - left_out, key=property_order)
        read = [self._property(iri, said[iri], here) for iri in ordered]
        kinds = tuple(self.value(kind) for kind in said.get(_RDF + "type", ()))
        return Part(
            iri=subject.value,
            names=names,
            types=kinds,
            properties=tuple(entry for entry in read if entry.iri not in PROVENANCE | IDENTIFIERS),
            identifiers=tuple(entry for entry in read if entry.iri in IDENTIFIERS),
            provenance=tuple(entry for entry in read if entry.iri in PROVENANCE),
        )

    def value(self, term: Term, here: set[Term] | None = None) -> Value:
        """Return a term with what is to be shown of it.

        What belongs `here` is told in full, once, and taken out of it.
        """
        if isinstance(term, Literal):
            return Value(term)
        if here and term in here and self._depth < MOST_NESTED:
            here.remove(term)
            return self._nested(term)
        names = self.names(term.value) if isinstance(term, Iri) else ()
        return Value(term, names, self._owner(term.value) if isinstance(term, Iri) else ())

    def says(self, subject: Iri, by: str, values: Iterable[Term]) -> bool:
        """Return whether a subject has all these values by a property."""
        return set(values) <= set(self._subjects.get(subject, {}).get(by, ()))

    def names(self, iri: str) -> Names:
        """Return the names of an IRI."""
        if iri not in self.known:
            self.known[iri] = labels_of(self.engine, iri)
        return self.known[iri]

    def _owner(self, iri: str) -> Names:
        document = iris.document_of(iri)
        is_part = document != iri and document.startswith(BASE + "id/")
        is_part = is_part and not (self.parts and iri.startswith(self.parts))
        return self.names(document) if is_part else ()

    def _property(self, iri: str, values: Iterable[Term], here: set[Term]) -> Property:
        return Property(iri, self.names(iri), tuple(self.value(term, here) for term in values))

    def _is_nested(self, term: Term) -> bool:
        if isinstance(term, Iri):
            return bool(self.parts) and term.value.startswith(self.parts) and term in self._subjects
        return isinstance(term, BlankNode) and term in self._subjects

    def _nested(self, term: Iri | BlankNode) -> Value:
        names = self.names(term.value) if isinstance(term, Iri) else ()
        self._depth += 1
        if _RDF + "first" in self._subjects[term]:
            members = list(self._items(term))
            here = {item for item in members if self._is_nested(item)} - self._told
            self._told |= here
            items = tuple(self.value(item, here) for item in members)
            told = Value(term, names, items=items)
        else:
            told = Value(term, names, part=self.part(term))
        self._depth -= 1
        return told

    def _items(self, head: Iri | BlankNode) -> Iterable[Term]:
        """Yield the members of an RDF list; a list that bites its tail ends there."""
        seen = set()
        node: Term = head
        while isinstance(node, Iri | BlankNode) and node in self._subjects and node not in seen:
            seen.add(node)
            yield from self._subjects[node].get(_RDF + "first", ())
            node = next(iter(self._subjects[node].get(_RDF + "rest", ())), Iri(_RDF + "nil"))


def _incoming(engine: Engine, iri: str, reader: _Reader) -> tuple[Incoming, ...]:
    found = []
    for row in engine.rows(load_query("incoming-counts"), {"thing": Iri(iri)}):
        asked = {"thing": Iri(iri), "property": row["property"]}
        subjects = [entry["subject"] for entry in engine.rows(load_query("incoming"), asked)]
        values = tuple(reader.value(subject) for subject in subjects)
        name = row["property"].value
        if not reader.says(Iri(iri), MIRRORS.get(name, ""), subjects):
            names = incoming_names(name) or reader.names(name)
            found.append(Incoming(Property(name, names, values), int(row["count"].value)))
    return tuple(found)


def _attributions(
    engine: Engine, statements: Iterable[Statement], reader: _Reader
) -> tuple[Attribution, ...]:
    """Return how the sources of statements want to be named."""
    by_source = {expand(short) for short in _SOURCES}
    sources = {entry.object for entry in statements if entry.predicate.value in by_source}
    query = load_query("attributions")
    asked = sorted(term for term in sources if isinstance(term, Iri))
    rows = [row for source in asked for row in engine.rows(query, {"source": source})]
    return _told(rows, reader)


def _told(rows: Iterable[Row], reader: _Reader) -> tuple[Attribution, ...]:
    """Return the attributions of sources, each text once."""
    texts: dict[tuple[Term, Term | None], list[Literal]] = {}
    for row in rows:
        if isinstance(row["attribution"], Literal):
            texts.setdefault((row["source"], row.get("licence")), []).append(row["attribution"])
    found: dict[tuple[Names, Term | None], Attribution] = {}
    for (source, licence), told in texts.items():
        named = reader.value(licence) if licence else None
        found.setdefault(
            (tuple(told), licence), Attribution(tuple(told), reader.value(source), named)
        )
    return tuple(found.values())


def _naming_property(said: Mapping[str, Mapping[Term, None]], names: Names) -> set[str]:
    """Return the property whose values all stand among the names of the subject."""
    return {
        iri
        for iri in (expand(short) for short in NAMING)
        if iri in said and set(said[iri]) <= set(names)
    }


def _type_order(kind: str) -> tuple[int, str]:
    short = shorten(kind)
    return (_FIRST_TYPES.index(short) if short in _FIRST_TYPES else len(_FIRST_TYPES), kind)
