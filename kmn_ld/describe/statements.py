"""Holds statements by subject and property, each value once, and walks their lists."""

from collections.abc import Iterable, Iterator, Mapping

from kmn_ld.describe.names import Names, expand
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement, Term

_FIRST, _REST = expand("rdf:first"), expand("rdf:rest")


class Statements:
    """Subject → property → values, in the order in which they came."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._said: dict[Iri | BlankNode, dict[str, dict[Term, None]]] = {}
        for entry in statements:
            self.note(entry.subject, entry.predicate.value, entry.object)

    def note(self, subject: Iri | BlankNode, by: str, value: Term) -> None:
        """Add a statement."""
        self._said.setdefault(subject, {}).setdefault(by, {})[value] = None

    def subjects(self) -> Iterable[Iri | BlankNode]:
        """Return all that something is said about."""
        return self._said.keys()

    def about(self, subject: Term) -> Mapping[str, Iterable[Term]]:
        """Return property → values of a subject, empty where nothing is said."""
        return self._said.get(subject, {}) if isinstance(subject, Iri | BlankNode) else {}

    def values(self, subject: Term, short: str) -> list[Term]:
        """Return the values of a property, given as a prefixed name."""
        return list(self.about(subject).get(expand(short), ()))

    def first(self, subject: Term, short: str) -> Term | None:
        """Return one value of a property, None without any."""
        return next(iter(self.values(subject, short)), None)

    def texts(self, subject: Term, short: str) -> Names:
        """Return the literals of a property."""
        return tuple(text for text in self.values(subject, short) if isinstance(text, Literal))

    def items(self, head: Term) -> Iterator[Term]:
        """Yield the members of an RDF list; a list that bites its tail ends there."""
        seen: set[Term] = set()
        node: Term | None = head
        while node is not None and node not in seen and _FIRST in self.about(node):
            seen.add(node)
            yield from self.about(node)[_FIRST]
            node = next(iter(self.about(node).get(_REST, ())), None)
