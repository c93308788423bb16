"""Reads the ontology as its users want it told: by module, with use, examples and rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kmn_ld.describe.model import Part, Property, Value
from kmn_ld.describe.names import Names, expand, shorten
from kmn_ld.describe.reader import Reader
from kmn_ld.describe.rules import Rule, Shapes
from kmn_ld.describe.usage import TermUsage, Usage
from kmn_ld.engine.conversion import read_term
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement, Term
from kmn_ld.queries import load_query
from kmn_ld.vocab import GRAPH, ONTOLOGY, PREFIXES

CLASS, LINK, LITERAL, DATATYPE = "class", "object-property", "datatype-property", "datatype"
ANNOTATION = "annotation-property"
_KINDS = {
    expand("owl:Class"): CLASS,
    expand("rdfs:Class"): CLASS,
    expand("owl:ObjectProperty"): LINK,
    expand("owl:DatatypeProperty"): LITERAL,
    expand("rdf:Property"): ANNOTATION,
    expand("owl:AnnotationProperty"): ANNOTATION,
    expand("rdfs:Datatype"): DATATYPE,
}
_ORDER = (CLASS, LINK, LITERAL, ANNOTATION, DATATYPE)
_FACTS = (
    *("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range"),
    *("owl:inverseOf", "owl:disjointWith"),
)
_MUTUAL = tuple(expand(short) for short in ("owl:inverseOf", "owl:disjointWith"))
_TOLD = {
    expand(short)
    for short in (
        *("rdf:type", "rdfs:label", "rdfs:comment", "rdfs:isDefinedBy", "skos:definition"),
        *("skos:editorialNote", "skos:example", "vs:term_status", "owl:deprecated"),
    )
}
_OWN = ("kmn", "kms")
_MOST_MEMBERS = 50


@dataclass(frozen=True)
class Example:
    """A statement of the data: a thing and, for a property, its value."""

    subject: Value
    value: Value | None


@dataclass(frozen=True)
class TermDescription:
    """A class, property or datatype of ours.

    `kind` is one of `CLASS`, `LINK`, `LITERAL`, `ANNOTATION`, `DATATYPE`. `comments` are what
    the definition does not say; `reasons` tell why no existing term fits. `domain` and `range`
    are classes, several where any of them will do; `facts` hold them too, with all else.
    `count` is how often the data use the term, `derived` how many of that follow from other
    statements. `samples` are written by hand, `example` comes from the data.
    """

    iri: str
    kind: str
    names: Names
    definitions: Names
    comments: Names
    reasons: Names
    domain: tuple[Value, ...]
    range: tuple[Value, ...]
    broader: tuple[Value, ...]
    facts: tuple[Property, ...]
    status: str
    is_deprecated: bool
    count: int
    derived: int
    samples: tuple[str, ...]
    example: Example | None
    rules: tuple[Rule, ...]

    @property
    def local(self) -> str:
        """The name behind the `#`."""
        return self.iri.rpartition("#")[2]


@dataclass(frozen=True)
class Module:
    """Terms that belong together; `iri` is empty for those that no module names."""

    iri: str
    names: Names
    introductions: Names
    terms: tuple[TermDescription, ...]

    @property
    def local(self) -> str:
        """The anchor of the module."""
        return self.iri.rpartition("#")[2] or "terms"


@dataclass(frozen=True)
class Reused:
    """A term of another vocabulary: its name, whether it is a class, how often the data use it."""

    term: Value
    is_class: bool
    count: int


@dataclass(frozen=True)
class ReusedVocabulary:
    """Another vocabulary, by its prefix, and the terms of it that the data use."""

    prefix: str
    namespace: str
    terms: tuple[Reused, ...]

    @property
    def count(self) -> int:
        """How often the data use its terms."""
        return sum(term.count for term in self.terms)


@dataclass(frozen=True)
class CodeList:
    """A concept scheme and the number of its concepts."""

    scheme: Value
    count: int


@dataclass(frozen=True)
class Vocabulary:
    """The ontology; `is_counted` says that uses are known."""

    about: Part
    modules: tuple[Module, ...]
    reused: tuple[ReusedVocabulary, ...]
    lists: tuple[CodeList, ...]
    is_counted: bool


def read_vocabulary(engine: Engine, usage: Usage, shapes: Shapes) -> Vocabulary:
    """Return the ontology of the store with its use in the data and the rules for each term."""
    statements = engine.graph(GRAPH + "ontology")
    rows = engine.rows(load_query("code-lists"))
    asked: list[Term] = [row["scheme"] for row in rows]
    asked += [Iri(iri) for terms in (usage.properties, usage.classes) for iri in terms]
    for iri, used in (*usage.properties.items(), *usage.classes.items()):
        if iri.startswith(ONTOLOGY + "#"):
            asked += [Iri(used.example[0]), *_example_value(used)]
    reading = _Reading(statements, Reader(engine, statements, also=asked), usage, shapes)
    lists = [CodeList(reading.reader.value(row["scheme"]), _number(row["count"])) for row in rows]
    return Vocabulary(
        about=reading.reader.part(Iri(ONTOLOGY)),
        modules=tuple(reading.modules()),
        reused=tuple(_reused(usage, reading.reader)),
        lists=tuple(lists),
        is_counted=bool(usage.properties),
    )


class _Reading:
    """Looks terms up in the statements of the ontology."""

    def __init__(
        self, statements: Sequence[Statement], reader: Reader, usage: Usage, shapes: Shapes
    ) -> None:
        self.reader, self.usage, self.shapes = reader, usage, shapes
        self.said: dict[Iri | BlankNode, dict[str, list[Term]]] = {}
        for entry in statements:
            self._note(entry.subject, entry.predicate.value, entry.object)
            if entry.predicate.value in _MUTUAL and isinstance(entry.object, Iri | BlankNode):
                self._note(entry.object, entry.predicate.value, entry.subject)

    def _note(self, subject: Iri | BlankNode, by: str, value: Term) -> None:
        values = self.said.setdefault(subject, {}).setdefault(by, [])
        if value not in values:
            values.append(value)

    def modules(self) -> Iterator[Module]:
        """Yield the modules in their order, and last what is in none."""
        terms = {term.iri: term for term in self._terms()}
        left = dict(terms)
        groups = self._values(Iri(ONTOLOGY), "vann:termGroup")
        for group in sorted((one for one in groups if isinstance(one, Iri)), key=self._position):
            named = [member.value for member in self._values(group, "dcterms:hasPart")]
            members = [term for iri in named if (term := left.pop(iri, None))]
            yield Module(
                group.value,
                self.reader.names(group.value),
                self._texts(group, "dcterms:description"),
                tuple(sorted(members, key=_term_order)),
            )
        if left:
            yield Module("", (), (), tuple(sorted(left.values(), key=_term_order)))

    def _terms(self) -> Iterator[TermDescription]:
        for subject, said in self.said.items():
            kinds = [
                _KINDS[kind.value]
                for kind in said.get(expand("rdf:type"), ())
                if kind.value in _KINDS
            ]
            if kinds and isinstance(subject, Iri) and subject.value.startswith(ONTOLOGY + "#"):
                yield self._term(subject, min(kinds, key=_ORDER.index))

    def _term(self, term: Iri, kind: str) -> TermDescription:
        iri = term.value
        used = (self.usage.classes if kind == CLASS else self.usage.properties).get(iri)
        definitions = self._texts(term, "skos:definition")
        comments = self._texts(term, "rdfs:comment")
        return TermDescription(
            iri=iri,
            kind=kind,
            names=self.reader.names(iri),
            definitions=definitions or comments,
            comments=tuple(text for text in comments if text not in definitions and definitions),
            reasons=self._texts(term, "skos:editorialNote"),
            domain=self._classes(term, "rdfs:domain"),
            range=self._classes(term, "rdfs:range"),
            broader=self._classes(term, "rdfs:subClassOf"),
            facts=tuple(self._facts(term)),
            status=next((text.value for text in self._texts(term, "vs:term_status")), ""),
            is_deprecated="true" in (text.value for text in self._texts(term, "owl:deprecated")),
            count=used.in_data if used else 0,
            derived=used.derived if used else 0,
            samples=tuple(text.value for text in self._texts(term, "skos:example")),
            example=self._example(used) if used else None,
            rules=self.shapes.rules_of(iri),
        )

    def _facts(self, term: Iri) -> Iterator[Property]:
        first = [expand(short) for short in _FACTS]
        others = sorted(set(self.said[term]) - set(first) - _TOLD)
        for by in (*first, *others):
            if values := self.said[term].get(by):
                classes = tuple(shown for value in values for shown in self._class(value))
                yield Property(by, self.reader.names(by), classes)

    def _classes(self, term: Iri, short: str) -> tuple[Value, ...]:
        values = self._values(term, short)
        return tuple(shown for value in values for shown in self._class(value))

    def _class(self, value: Term) -> Iterator[Value]:
        """Yield a class, or the members of a union (OWL 2, 8.1.2)."""
        unions = self._values(value, "owl:unionOf") if isinstance(value, BlankNode) else ()
        if not unions:
            yield self.reader.value(value)
        for union in unions:
            yield from (self.reader.value(member) for member in self._members(union))

    def _members(self, head: Term) -> Iterator[Term]:
        node: Term | None = head
        for _ in range(_MOST_MEMBERS):
            if node is None:
                return
            yield from self._values(node, "rdf:first")
            node = next(iter(self._values(node, "rdf:rest")), None)

    def _example(self, used: TermUsage) -> Example | None:
        if not used.example[0]:
            return None
        value = next(iter(_example_value(used)), None)
        subject = self.reader.value(Iri(used.example[0]))
        return Example(subject, self.reader.value(value) if value else None)

    def _position(self, group: Iri) -> tuple[int, str]:
        return (_number(next(iter(self._values(group, "schema:position")), None)), group.value)

    def _values(self, subject: Term, short: str) -> list[Term]:
        said = self.said.get(subject, {}) if isinstance(subject, Iri | BlankNode) else {}
        return said.get(expand(short), [])

    def _texts(self, subject: Iri, short: str) -> Names:
        return tuple(text for text in self._values(subject, short) if isinstance(text, Literal))


def _reused(usage: Usage, reader: Reader) -> Iterator[ReusedVocabulary]:
    for prefix, namespace in sorted(PREFIXES.items()):
        terms = [
            Reused(reader.value(Iri(iri)), is_class, used.in_data)
            for is_class, part in ((True, usage.classes), (False, usage.properties))
            for iri, used in part.items()
            if shorten(iri).startswith(f"{prefix}:") and used.in_data
        ]
        if terms and prefix not in _OWN:
            yield ReusedVocabulary(prefix, namespace, tuple(terms))


def _term_order(term: TermDescription) -> tuple[int, str]:
    return (_ORDER.index(term.kind), term.local)


def _example_value(used: TermUsage) -> Iterable[Term]:
    return (read_term(used.example[1]),) if used.example[1] else ()


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0
