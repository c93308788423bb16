"""Shows terms at work: statements of the data as Turtle, and the things of small classes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kmn_ld import iris
from kmn_ld.describe.names import expand, shorten
from kmn_ld.describe.reader import Reader
from kmn_ld.describe.statements import Statements
from kmn_ld.describe.terms import Example
from kmn_ld.describe.usage import NAMES_OF_PERSONS, TermUsage, Usage
from kmn_ld.engine.conversion import read_term
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement, Term
from kmn_ld.queries import load_query

FEW = 20
"""Things up to which all of a class are named."""
_MOST_VALUES = 3
_TYPE = expand("rdf:type")
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass
class Instances:
    """The data behind the examples: statements by thing that is shown, things by class.

    `told` are the classes that have an entry.
    """

    told: frozenset[str] = frozenset()
    shown: Mapping[str, Statements] = field(default_factory=dict)
    members: Mapping[str, list[Iri]] = field(default_factory=dict)

    def terms(self) -> Iterable[Term]:
        """Yield what is going to be named."""
        for members in self.members.values():
            yield from members


def read_instances(engine: Engine, usage: Usage, classes: Iterable[str]) -> Instances:
    """Return the statements of the example of each class, and all things of the small ones."""
    used = {iri: usage.classes[iri] for iri in classes if iri in usage.classes}
    asked = {Iri(one.example[0]) for one in used.values() if one.example[0]}
    shown: dict[str, list[Statement]] = {thing.value: [] for thing in asked}
    for name in ("example-things", "contradicted"):
        for row in engine.rows_for_each(load_query(name), "thing", sorted(asked)):
            subject, by = row.get("subject", row["thing"]), row["property"]
            if isinstance(subject, Iri) and isinstance(by, Iri):
                shown[row["thing"].value].append(Statement(subject, by, row["value"]))
    for thing, parts in _parts(engine, asked).items():
        shown[thing] += [entry for part in _one_of_each(parts) for entry in part]
    small = [Iri(iri) for iri, one in used.items() if 0 < one.in_data <= FEW]
    members: dict[str, list[Iri]] = {}
    for row in engine.rows_for_each(load_query("things-of-classes"), "class", sorted(small)):
        if isinstance(row["thing"], Iri):
            members.setdefault(row["class"].value, []).append(row["thing"])
    told = frozenset(classes)
    return Instances(told, {iri: Statements(said) for iri, said in shown.items()}, members)


def _parts(engine: Engine, things: Iterable[Iri]) -> dict[str, dict[str, list[Statement]]]:
    """Return thing → part → what is stated of it."""
    found: dict[str, dict[str, list[Statement]]] = {}
    for row in engine.rows_for_each(load_query("example-parts"), "thing", sorted(things)):
        subject, by = row["subject"], row["property"]
        if isinstance(subject, Iri) and isinstance(by, Iri):
            parts = found.setdefault(row["thing"].value, {})
            parts.setdefault(subject.value, []).append(Statement(subject, by, row["value"]))
    return found


def _one_of_each(parts: Mapping[str, list[Statement]]) -> Iterable[list[Statement]]:
    """Return of the parts of each class the one of which most is said."""
    best: dict[tuple[str, ...], list[Statement]] = {}
    for said in parts.values():
        kind = tuple(one.object.value for one in said if one.predicate.value == _TYPE)
        if len(said) > len(best.get(kind, ())):
            best[kind] = said
    return best.values()


def example_of(term: str, used: TermUsage, instances: Instances, reader: Reader) -> Example | None:
    """Return the example of a term, None where the data have none."""
    subject, written = used.example
    if not subject:
        return None
    if not written:
        said = instances.shown.get(subject)
        turtle = thing_as_turtle(Iri(subject), term, said) if said else ""
        return Example(reader.value(Iri(subject)), None, turtle)
    value = read_term(written)
    turtle = f"{_term(Iri(subject))} {_term(Iri(term))} {_term(value)} ."
    return Example(reader.value(Iri(subject)), reader.value(value), turtle)


def thing_as_turtle(thing: Iri, class_: str, said: Statements) -> str:
    """Return the statements about a thing in Turtle, then those of others that belong to them.

    Of a property with many values the first are given. Names of persons are left out.
    """
    own = iris.document_of(thing.value)
    others = [subject for subject in said.subjects() if subject != thing]
    blocks = [_block(thing, [class_], said)]
    for other in others:
        is_part = isinstance(other, Iri) and iris.document_of(other.value) == own
        kinds = [kind.value for kind in said.values(other, "rdf:type")] if is_part else []
        blocks.append(_block(other, kinds, said))
    return "\n\n".join(blocks)


def _block(subject: Iri | BlankNode, classes: Iterable[str], said: Statements) -> str:
    lines = [("a " + _term(Iri(class_)), 0) for class_ in classes]
    for by, values in sorted(said.about(subject).items(), key=lambda entry: shorten(entry[0])):
        if by == _TYPE or by in NAMES_OF_PERSONS:
            continue
        told = [_term(value) for value in values]
        text = f"{_term(Iri(by))} {' , '.join(told[:_MOST_VALUES])}"
        lines.append((text, max(0, len(told) - _MOST_VALUES)))
    written = [f"{text} ;{f' # + {left}' if left else ''}" for text, left in lines]
    return "\n    ".join([_term(subject), *written]) + "\n."


def _term(term: Term) -> str:
    """Return a term as Turtle writes it (2.4, 2.5)."""
    if isinstance(term, Iri):
        short = shorten(term.value)
        return short if short and _LOCAL.fullmatch(short.partition(":")[2]) else f"<{term.value}>"
    if isinstance(term, Literal):
        return _literal(term)
    return "[]"


def _literal(term: Literal) -> str:
    text = term.value.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r")
    if term.language:
        return f'"{text}"@{term.language}'
    plain = ("", expand("xsd:string"))
    return f'"{text}"' if term.datatype in plain else f'"{text}"^^{_term(Iri(term.datatype))}'
