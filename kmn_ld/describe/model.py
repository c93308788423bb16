"""What a description holds, ready to be shown; every text in every language."""

from dataclasses import dataclass

from kmn_ld.describe.names import Names
from kmn_ld.engine.terms import Term


@dataclass(frozen=True)
class Value:
    """One value: the term, the names of an IRI, the part or the list that stands behind it.

    `within` names the thing that a part of another thing belongs to.
    """

    term: Term
    names: Names = ()
    within: Names = ()
    part: "Part | None" = None
    items: "tuple[Value, ...]" = ()


@dataclass(frozen=True)
class Property:
    """A property and all its values."""

    iri: str
    names: Names
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Part:
    """What is said about one subject.

    Apart from `properties` stand `identifiers` (keys, and what the thing is called elsewhere) and
    `provenance` (sources, dates, confidence, notes of editors).
    """

    iri: str
    names: Names
    types: tuple[Value, ...]
    properties: tuple[Property, ...]
    identifiers: tuple[Property, ...]
    provenance: tuple[Property, ...]


@dataclass(frozen=True)
class Incoming:
    """What points at the thing by one property: some of the subjects, and how many there are.

    `property` is named as it reads from this side, where the catalogues have a name for that.
    """

    property: Property
    count: int


@dataclass(frozen=True)
class Attribution:
    """How a source wants to be named, and the licence that demands it (None: not stated)."""

    texts: Names
    source: Value
    licence: Value | None


@dataclass(frozen=True)
class Description:
    """A thing with its parts, what points at it, and the named graphs that speak of it.

    `attributions` are those of the sources of the thing and of its parts. `derived` is what follows
    by the rules of the build, as far as nothing else on the page says it.
    """

    thing: Part
    attributions: tuple[Attribution, ...]
    incoming: tuple[Incoming, ...]
    derived: tuple[Property, ...]
    graphs: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Members of a graph that have one type: some of them, and how many there are."""

    type: Value
    members: tuple[Value, ...]
    count: int


@dataclass(frozen=True)
class GraphDescription:
    """A named graph: what is said about it, and what is in it, by type.

    `attributions` are those of its sources. `is_ontology` is true of the graph of our ontology,
    which has a licence of its own. `is_complete` is false where the lists stop before the end;
    `triples` counts all that the graph holds.
    """

    iri: str
    about: Part
    attributions: tuple[Attribution, ...]
    groups: tuple[Group, ...]
    is_ontology: bool
    is_complete: bool
    triples: int
