"""Reads the ontology as its users want it told: by module, with use, examples and rules."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from kmn_ld.describe.fields import Kin, fields_of
from kmn_ld.describe.instances import Instances, example_of, read_instances
from kmn_ld.describe.model import Property, Value
from kmn_ld.describe.names import expand, shorten
from kmn_ld.describe.reader import Reader
from kmn_ld.describe.rules import RuleBook
from kmn_ld.describe.statements import Statements
from kmn_ld.describe.terms import (
    ANNOTATION,
    CLASS,
    DATATYPE,
    LINK,
    LITERAL,
    CodeList,
    Field,
    Module,
    Reused,
    ReusedVocabulary,
    TermDescription,
    Vocabulary,
)
from kmn_ld.describe.usage import NAMES_OF_PERSONS, TermUsage, Usage
from kmn_ld.engine.conversion import read_term
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Row, Statement, Term
from kmn_ld.queries import load_query
from kmn_ld.vocab import GRAPH, ONTOLOGY, PREFIXES

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
    *map(expand, ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range")),
    expand("owl:inverseOf"),
)
_MUTUAL = tuple(expand(short) for short in ("owl:inverseOf", "owl:disjointWith"))
_TOLD = {
    expand(short)
    for short in (
        *("rdf:type", "rdfs:label", "rdfs:comment", "rdfs:isDefinedBy", "skos:definition"),
        *("skos:editorialNote", "skos:example", "vs:term_status", "owl:deprecated"),
    )
}
_FACTS_AND_TOLD = _TOLD | set(_FACTS)
_OWN = ("kmn", "kms")
_USES = "dcterms:references"
_SHORT_LIST = 15
"""Concepts up to which a code list is told whole."""


def read_vocabulary(engine: Engine, usage: Usage, book: RuleBook) -> Vocabulary:
    """Return the ontology of the store with its use in the data and the rules for each term."""
    statements = engine.graph(GRAPH + "ontology")
    said = _with_both_sides(statements)
    reused = {term.value for group in _groups(said) for term in said.values(group, _USES)}
    classes = {iri for iri in usage.classes if iri.startswith(ONTOLOGY + "#")} | reused
    instances = read_instances(engine, usage, classes)
    rows = engine.rows(load_query("code-lists"))
    concepts = _concepts(engine, rows)
    asked = [*instances.terms(), *(row["scheme"] for row in rows)]
    asked += [concept for members in concepts.values() for concept in members]
    asked += _terms_of(usage, classes, book)
    reader = Reader(engine, statements, also=asked)
    reading = _Terms(said, reader, usage, book, instances)
    lists = [
        CodeList(
            reader.value(row["scheme"]),
            _number(row["count"]),
            tuple(map(reader.value, concepts.get(row["scheme"], ()))),
        )
        for row in rows
    ]
    return Vocabulary(
        about=reader.part(Iri(ONTOLOGY)),
        modules=tuple(reading.modules()),
        reused=tuple(_reused(usage, reader)),
        lists=tuple(lists),
        is_counted=bool(usage.properties),
    )


def _concepts(engine: Engine, lists: Iterable[Row]) -> dict[Term, list[Term]]:
    """Return scheme → concepts of the short ones of the lists."""
    short = sorted(row["scheme"] for row in lists if _number(row["count"]) <= _SHORT_LIST)
    found: dict[Term, list[Term]] = {}
    for row in engine.rows_for_each(load_query("concepts-of-lists"), "scheme", short):
        found.setdefault(row["scheme"], []).append(row["concept"])
    return found


def _with_both_sides(statements: Iterable[Statement]) -> Statements:
    """Return the statements, those of mutual properties said of their values too."""
    said = Statements(statements)
    for entry in statements:
        if entry.predicate.value in _MUTUAL and isinstance(entry.object, Iri | BlankNode):
            said.note(entry.object, entry.predicate.value, entry.subject)
    return said


def _groups(said: Statements) -> list[Iri]:
    """Return the modules in their order."""
    groups = (one for one in said.values(Iri(ONTOLOGY), "vann:termGroup") if isinstance(one, Iri))
    return sorted(groups, key=lambda one: (_number(said.first(one, "schema:position")), one.value))


def _terms_of(usage: Usage, classes: Iterable[str], book: RuleBook) -> Iterator[Term]:
    """Yield what is named beside the ontology: terms in use, their examples, what rules name."""
    for iri, used in (*usage.properties.items(), *usage.classes.items()):
        yield Iri(iri)
        if iri in classes or iri.startswith(ONTOLOGY + "#"):
            yield from (Iri(used.example[0]), *_example_value(used))
    for shape in book.shapes:
        yield from (Iri(term) for rule in shape.rules for term in rule.path_terms)


@dataclass(frozen=True)
class _Terms:
    """Looks terms up in the statements of the ontology."""

    said: Statements
    reader: Reader
    usage: Usage
    book: RuleBook
    instances: Instances

    def modules(self) -> Iterator[Module]:
        """Yield the modules in their order, and last what is in none."""
        left = {term.iri: term for term in self._all()}
        for group in _groups(self.said):
            named = [member.value for member in self.said.values(group, "dcterms:hasPart")]
            members = [term for iri in named if (term := left.pop(iri, None))]
            yield Module(
                group.value,
                self.reader.names(group.value),
                self.said.texts(group, "dcterms:description"),
                tuple(sorted(members, key=_term_order)),
                tuple(self._class_of_others(term) for term in self.said.values(group, _USES)),
            )
        if left:
            yield Module("", (), (), tuple(sorted(left.values(), key=_term_order)))

    def _all(self) -> Iterator[TermDescription]:
        for subject in self.said.subjects():
            types = self.said.values(subject, "rdf:type")
            kinds = [_KINDS[kind.value] for kind in types if kind.value in _KINDS]
            if kinds and isinstance(subject, Iri) and subject.value.startswith(ONTOLOGY + "#"):
                yield self._term(subject, min(kinds, key=_ORDER.index))

    def _term(self, term: Iri, kind: str) -> TermDescription:
        definitions = self.said.texts(term, "skos:definition")
        comments = self.said.texts(term, "rdfs:comment")
        statuses = self.said.texts(term, "vs:term_status")
        return replace(
            self._in_use(term, kind),
            definitions=definitions or comments,
            comments=tuple(text for text in comments if text not in definitions and definitions),
            reasons=self.said.texts(term, "skos:editorialNote"),
            domain=self._classes(term, "rdfs:domain"),
            range=self._classes(term, "rdfs:range"),
            broader=self._classes(term, "rdfs:subClassOf"),
            facts=tuple(self._facts(term, _FACTS)),
            asides=tuple(self._facts(term, sorted(set(self.said.about(term)) - _FACTS_AND_TOLD))),
            status=next((text.value for text in statuses), ""),
            is_deprecated="true" in (one.value for one in self.said.texts(term, "owl:deprecated")),
            samples=tuple(text.value for text in self.said.texts(term, "skos:example")),
        )

    def _class_of_others(self, term: Term) -> TermDescription:
        notes = self.said.texts(term, "skos:scopeNote")
        return replace(self._in_use(Iri(term.value), CLASS), comments=notes)

    def _in_use(self, term: Iri, kind: str) -> TermDescription:
        """Return a term with what the data and the rules tell of it."""
        iri = term.value
        used = (self.usage.classes if kind == CLASS else self.usage.properties).get(iri)
        count = used.in_data if used else self.usage.of_datatype(iri)
        things = self.instances.members.get(iri, ())
        return TermDescription(
            iri=iri,
            kind=kind,
            names=self.reader.names(iri),
            count=count,
            derived=used.derived if used else 0,
            example=example_of(iri, used, self.instances, self.reader) if used else None,
            is_withheld=iri in NAMES_OF_PERSONS,
            things=tuple(self.reader.value(thing) for thing in things),
            fields=tuple(self._fields(iri)) if kind == CLASS else (),
            rules=self.book.rules_of(iri),
        )

    def _fields(self, class_: str) -> Iterator[Field]:
        """Yield what rules say of a class; where they name no values the ontology may."""
        for field in fields_of(self._kin(class_), self.book, self.reader):
            by = Iri(field.property.term.value)
            is_told = field.values or field.choices
            ranges = () if is_told else self._classes(by, "rdfs:range")
            yield replace(field, values=field.values or ranges)

    def _kin(self, class_: str) -> Kin:
        """Return a class among its relatives; those that are told apart are not below it."""
        by = expand("rdfs:subClassOf")
        used = self.usage.classes.get(class_)
        example = self.instances.shown.get(used.example[0]) if used else None
        told = {iri for iri in self.instances.told if iri != class_}
        return Kin(
            class_,
            above=_reached(class_, lambda iri: self.said.about(Iri(iri)).get(by, ())),
            below={
                iri
                for iri, one in self.usage.classes.items()
                if one.in_data
                and iri not in told
                and class_ in _reached(iri, lambda iri: self.said.about(Iri(iri)).get(by, ()))
            },
            properties=set(example.about(Iri(used.example[0]))) if example and used else (),
        )

    def _facts(self, term: Iri, properties: Iterable[str]) -> Iterator[Property]:
        about = self.said.about(term)
        for by in properties:
            if by in about:
                classes = tuple(shown for value in about[by] for shown in self._class(value))
                yield Property(by, self.reader.names(by), classes)

    def _classes(self, term: Iri, short: str) -> tuple[Value, ...]:
        values = self.said.values(term, short)
        return tuple(shown for value in values for shown in self._class(value))

    def _class(self, value: Term) -> Iterator[Value]:
        """Yield a class, or the members of a union (OWL 2, 8.1.2)."""
        unions = self.said.values(value, "owl:unionOf") if isinstance(value, BlankNode) else ()
        if not unions:
            yield self.reader.value(value)
        for union in unions:
            yield from (self.reader.value(member) for member in self.said.items(union))


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


def _reached(iri: str, step: Callable[[str], Iterable[Term]]) -> set[str]:
    """Return all that a step leads to, again and again."""
    found: set[str] = set()
    left = [iri]
    while left:
        new = {term.value for term in step(left.pop()) if isinstance(term, Iri)} - found
        found |= new
        left += new
    return found


def _term_order(term: TermDescription) -> tuple[int, str]:
    return (_ORDER.index(term.kind), term.local)


def _example_value(used: TermUsage) -> Iterable[Term]:
    return (read_term(used.example[1]),) if used.example[1] else ()


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0
