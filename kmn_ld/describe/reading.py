"""Reads what the store says about a thing or in a graph into a description."""

from collections.abc import Iterable, Sequence

from kmn_ld.describe.model import (
    Attribution,
    Description,
    GraphDescription,
    Group,
    Incoming,
    Property,
)
from kmn_ld.describe.names import Names, expand, incoming_names, shorten
from kmn_ld.describe.order import MIRRORS, property_order
from kmn_ld.describe.overview import GraphOverview, TypeOverview, overview_of
from kmn_ld.describe.reader import Reader, naming_property
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import Iri, Literal, Row, Statement, Term
from kmn_ld.queries import load_query
from kmn_ld.sources import DERIVED
from kmn_ld.vocab import GRAPH, ONTOLOGY, PREFIXES, SHAPES

_TYPE = PREFIXES["rdf"] + "type"
_CONCLUSIONS = Iri(GRAPH + DERIVED)
_SOURCES = ("prov:hadPrimarySource", "prov:wasDerivedFrom", "dcterms:source")
_FIRST_TYPES = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "sh:NodeShape")
_FEW = 1000
"""Statements that point at a thing up to which they are asked for at once (`incoming-few.rq`)."""
_SHOWN = 25
"""Subjects that are named of each property that points at a thing (`incoming.rq`)."""

ABOUT = {GRAPH + "ontology": ONTOLOGY, GRAPH + "shapes": SHAPES}
"""Named graph → what it is about, where that is not the graph."""


def describe(engine: Engine, iri: str) -> Description:
    """Return what is said about a thing and its parts, what follows, and what points at it."""
    thing = Iri(iri)
    stated, derived = _apart(engine.statements_about(iri), thing)
    attributions = _attribution_rows(engine, stated)
    incoming = _incoming_rows(engine, thing)
    asked = [term for row in (*attributions, *incoming) for term in row.values()]
    asked += [term for entry in derived for term in (entry.predicate, entry.object)]
    reader = Reader(engine, stated, parts=iri + "#", also=asked)
    graphs = sorted({entry.graph for entry in stated if entry.graph is not None})
    return Description(
        thing=reader.part(thing),
        attributions=_attributions(attributions, reader),
        incoming=_incoming(thing, incoming, reader),
        derived=_derived(thing, derived, incoming, reader),
        graphs=tuple(reader.value(graph) for graph in graphs),
    )


def describe_graph(
    engine: Engine, iri: str, overview: GraphOverview | None = None
) -> GraphDescription | None:
    """Return what a named graph holds, or None where there is no such graph.

    The things that the overview lists are named. Without an overview the whole graph is read.
    """
    overview = overview or overview_of(engine.graph(iri))
    if not overview.triples:
        return None
    about = ABOUT.get(iri, iri)
    attributions = _attribution_rows(engine, engine.statements_about(iri))
    listed = sorted(overview.types, key=lambda entry: _type_order(entry.type))
    asked: list[Term] = [Iri(name) for entry in listed for name in (entry.type, *entry.members)]
    asked += [term for row in attributions for term in row.values()]
    reader = Reader(engine, engine.statements_about(about), also=asked)
    groups = [_group(entry, about, reader) for entry in listed]
    return GraphDescription(
        iri=iri,
        about=reader.part(Iri(about)),
        attributions=_attributions(attributions, reader),
        groups=tuple(group for group in groups if group.count),
        is_ontology=about == ONTOLOGY,
        is_complete=all(group.count == len(group.members) for group in groups),
        triples=overview.triples,
    )


def all_attributions(engine: Engine) -> tuple[Attribution, ...]:
    """Return how the sources of everything want to be named."""
    rows = engine.rows(load_query("attributions"))
    return _attributions(
        rows, Reader(engine, (), also=(term for row in rows for term in row.values()))
    )


def _apart(statements: Iterable[Statement], thing: Iri) -> tuple[list[Statement], list[Statement]]:
    """Return what is stated, and what only follows of the thing itself.

    A link to a part that nothing else leads to counts as stated, or the part would not be told; so
    does everything where nothing is stated.
    """
    stated = [entry for entry in statements if entry.graph != _CONCLUSIONS]
    derived = [entry for entry in statements if entry.graph == _CONCLUSIONS]
    if not stated:
        return derived, []
    led_to = {entry.object for entry in stated}
    parts = f"{thing.value}#"
    kept = [
        entry
        for entry in derived
        if isinstance(entry.object, Iri)
        and entry.object.value.startswith(parts)
        and entry.object not in led_to
    ]
    follows = [entry for entry in derived if entry.subject == thing and entry not in kept]
    return [*stated, *kept], follows


def _derived(
    thing: Iri, statements: Iterable[Statement], incoming: Iterable[Row], reader: Reader
) -> tuple[Property, ...]:
    """Return what follows of a thing, but for its names and links that point at it already."""
    said: dict[str, list[Term]] = {}
    for entry in statements:
        said.setdefault(entry.predicate.value, []).append(entry.object)
    subjects = {row["subject"] for row in incoming}
    pointing = {iri for iri, values in said.items() if iri != _TYPE and subjects & set(values)}
    left_out = pointing | naming_property(said, reader.names(thing.value))
    told = sorted(set(said) - left_out, key=property_order)
    return tuple(reader.property(iri, said[iri]) for iri in told)


def _group(entry: TypeOverview, about: str, reader: Reader) -> Group:
    """Return the things of a type; what the graph is about is told apart."""
    members = tuple(reader.value(Iri(member)) for member in entry.members if member != about)
    count = entry.count - (about in entry.members)
    return Group(reader.value(Iri(entry.type)), members, count)


def _incoming_rows(engine: Engine, thing: Iri) -> list[Row]:
    """Return (property, count, subject) of what points at a thing and is stated.

    Up to `_SHOWN` rows for each property; the count is that of all.
    """
    counts: dict[Term, int] = {}
    for row in engine.rows(load_query("incoming-counts"), {"thing": thing}):
        count = int(row["count"].value) - int(row["derived"].value)
        if count > 0:
            counts[row["property"]] = count
    if sum(counts.values()) <= _FEW:
        found = engine.rows(load_query("incoming-few"), {"thing": thing}) if counts else []
    else:
        query = load_query("incoming")
        asked = [{"thing": thing, "property": by} for by in counts]
        found = [row for bindings in asked for row in engine.rows(query, bindings)]
    shown: dict[Term, list[Row]] = {}
    for row in found:
        rows = shown.setdefault(row["property"], [])
        if len(rows) < _SHOWN:
            rows.append(row)
    return [
        {**row, "count": Literal(str(counts.get(by, len(rows))))}
        for by, rows in shown.items()
        for row in rows
    ]


def _incoming(thing: Iri, rows: Iterable[Row], reader: Reader) -> tuple[Incoming, ...]:
    subjects: dict[tuple[str, int], list[Term]] = {}
    for row in rows:
        key = (row["property"].value, int(row["count"].value))
        subjects.setdefault(key, []).append(row["subject"])
    found = []
    for (name, count), pointing in subjects.items():
        if not reader.says(thing, MIRRORS.get(name, ""), pointing):
            names = incoming_names(name) or reader.names(name)
            values = tuple(reader.value(subject) for subject in pointing)
            found.append(Incoming(Property(name, names, values), count))
    return tuple(found)


def _attribution_rows(engine: Engine, statements: Iterable[Statement]) -> Sequence[Row]:
    """Return how the sources of statements want to be named."""
    by_source = {expand(short) for short in _SOURCES}
    sources = {entry.object for entry in statements if entry.predicate.value in by_source}
    asked = sorted(term for term in sources if isinstance(term, Iri))
    return engine.rows_for_each(load_query("attributions"), "source", asked)


def _attributions(rows: Iterable[Row], reader: Reader) -> tuple[Attribution, ...]:
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


def _type_order(kind: str) -> tuple[int, str]:
    short = shorten(kind)
    return (_FIRST_TYPES.index(short) if short in _FIRST_TYPES else len(_FIRST_TYPES), kind)
