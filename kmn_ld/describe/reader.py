"""Reads statements subject by subject into parts, with the names of all that they mention."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kmn_ld import iris
from kmn_ld.describe.model import Part, Property, Value
from kmn_ld.describe.names import NAMING, Names, expand, labels_of_all, pick_names
from kmn_ld.describe.order import IDENTIFIERS, PROVENANCE, property_order
from kmn_ld.describe.statements import Statements
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement, Term
from kmn_ld.vocab import BASE, PREFIXES

_RDF = PREFIXES["rdf"]
MOST_NESTED = 12
"""Levels of parts within parts that are told; what is deeper stands in the data alone."""


@dataclass
class Reader:
    """Reads statements and looks up names: all that they mention at once, others when asked for.

    What begins with `parts` is told where it is referred to; empty: nothing is. `also` are further
    terms that are going to be named.
    """

    engine: Engine
    statements: Sequence[Statement]
    parts: str = ""
    also: Iterable[Term] = ()
    known: dict[str, Names] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._said = Statements(self.statements)
        self._told: set[Term] = set()
        self._depth = 0
        mentioned = {term for entry in self.statements for term in _terms(entry)} | set(self.also)
        named = {term.value for term in mentioned if isinstance(term, Iri)}
        owners = {iris.document_of(iri) for iri in named if self._is_part_of_another(iri)}
        self.known |= labels_of_all(self.engine, named | owners)
        self.known |= {
            subject.value: _own_names(self._said.about(subject))
            for subject in self._said.subjects()
            if isinstance(subject, Iri) and not self.known[subject.value]
        }

    def part(self, subject: Iri | BlankNode) -> Part:
        """Return what is said about a subject; its own names are left to `names`."""
        said = self._said.about(subject)
        own = [value for values in said.values() for value in values if self._is_nested(value)]
        here = {value for value in own if value not in self._told} - {subject}
        self._told |= here | {subject}
        names = self.names(subject.value) if isinstance(subject, Iri) else ()
        left_out = {_RDF + "type"} | naming_property(said, names)
        ordered = sorted(set(said) - left_out, key=property_order)
        read = [self.property(iri, said[iri], here) for iri in ordered]
        kinds = tuple(self.value(kind) for kind in said.get(_RDF + "type", ()))
        return Part(
            iri=subject.value,
            names=names,
            types=kinds,
            properties=tuple(entry for entry in read if entry.iri not in PROVENANCE | IDENTIFIERS),
            identifiers=tuple(entry for entry in read if entry.iri in IDENTIFIERS),
            provenance=tuple(entry for entry in read if entry.iri in PROVENANCE),
        )

    def property(self, iri: str, values: Iterable[Term], here: set[Term] | None = None) -> Property:
        """Return a property with its values."""
        return Property(iri, self.names(iri), tuple(self.value(term, here) for term in values))

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
        return set(values) <= set(self._said.about(subject).get(by, ()))

    def names(self, iri: str) -> Names:
        """Return the names of an IRI."""
        if iri not in self.known:
            self.known |= labels_of_all(self.engine, (iri,))
        return self.known[iri]

    def _is_part_of_another(self, iri: str) -> bool:
        is_part = "#" in iri and iri.startswith(BASE + "id/")
        return is_part and not (self.parts and iri.startswith(self.parts))

    def _owner(self, iri: str) -> Names:
        return self.names(iris.document_of(iri)) if self._is_part_of_another(iri) else ()

    def _is_nested(self, term: Term) -> bool:
        if isinstance(term, Iri):
            return bool(self.parts and term.value.startswith(self.parts) and self._said.about(term))
        return isinstance(term, BlankNode) and bool(self._said.about(term))

    def _nested(self, term: Iri | BlankNode) -> Value:
        names = self.names(term.value) if isinstance(term, Iri) else ()
        self._depth += 1
        if _RDF + "first" in self._said.about(term):
            members = list(self._said.items(term))
            here = {item for item in members if self._is_nested(item)} - self._told
            self._told |= here
            items = tuple(self.value(item, here) for item in members)
            told = Value(term, names, items=items)
        else:
            told = Value(term, names, part=self.part(term))
        self._depth -= 1
        return told


def naming_property(said: Mapping[str, Iterable[Term]], names: Names) -> set[str]:
    """Return the properties whose values all stand among the names of the subject."""
    return {
        iri
        for iri in (expand(short) for short in NAMING)
        if iri in said and set(said[iri]) <= set(names)
    }


def _own_names(said: Mapping[str, Iterable[Term]]) -> Names:
    """Return the names that statements give their subject: shapes stand in their graph alone."""
    return pick_names([(Iri(by), value) for by, values in said.items() for value in values])


def _terms(entry: Statement) -> Iterable[Term]:
    yield from (entry.subject, entry.predicate, entry.object)
    if entry.graph is not None:
        yield entry.graph
