"""Tells from the rules which properties the things of a class have."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from kmn_ld.describe.model import Value
from kmn_ld.describe.names import expand
from kmn_ld.describe.reader import Reader
from kmn_ld.describe.rules import Rule, RuleBook, Shape
from kmn_ld.describe.terms import Field
from kmn_ld.engine.terms import Iri

_CLASS, _SUBJECTS = expand("sh:targetClass"), expand("sh:targetSubjectsOf")
_MANY = 10
"""Classes that a shape counts as having whose targets are properties."""


@dataclass(frozen=True)
class Kin:
    """A class with those above it and those below it, and the properties of a thing of it."""

    class_: str
    above: Collection[str] = ()
    below: Collection[str] = ()
    properties: Collection[str] = ()


@dataclass(frozen=True)
class _Applied:
    """A shape that holds for things of a class, for all of them where `only` is empty."""

    shape: Shape
    only: tuple[Value, ...]
    rank: tuple[int, bool]


def fields_of(kin: Kin, book: RuleBook, reader: Reader) -> tuple[Field, ...]:
    """Return the properties that rules name for a class, each once, its own shapes first.

    Shapes hold that target the class, one above it or one below it, and those that target a
    property that its example has (SHACL, 2.1.3). Where several rules speak of a property, the
    narrowest bounds of those count that hold for all things. Rules whose path is not a single
    property and those that forbid one are left out.
    """
    found: dict[str, Field] = {}
    for applied in sorted(_applied(kin, book), key=lambda one: one.rank):
        for rule in applied.shape.rules:
            if not _is_told(rule):
                continue
            field = _field(rule, applied, reader)
            known = found.get(rule.path_terms[0])
            if known is None:
                found[rule.path_terms[0]] = field
            elif not applied.only:
                found[rule.path_terms[0]] = _both(known, field)
    return tuple(found.values())


def _applied(kin: Kin, book: RuleBook) -> Iterable[_Applied]:
    for shape in book.shapes:
        targets = {target.iri: target.values for target in shape.targets}
        classes = targets.get(_CLASS, ())
        named = {value.term.value for value in classes}
        rank = (len(named) or _MANY, kin.class_ not in named)
        below = tuple(value for value in classes if value.term.value in kin.below)
        subjects = targets.get(_SUBJECTS, ())
        shared = tuple(value for value in subjects if value.term.value in kin.properties)
        if named & {kin.class_, *kin.above}:
            yield _Applied(shape, (), rank)
        elif below or shared:
            yield _Applied(shape, below or shared, rank)


def _is_told(rule: Rule) -> bool:
    is_single = len(rule.path_terms) == 1 and rule.path[:1].isalpha()
    return is_single and rule.said("sh:maxCount") != ("0",)


def _field(rule: Rule, applied: _Applied, reader: Reader) -> Field:
    """Return what one rule says; only what must be so bounds how often a property stands."""
    is_strict = rule.severity == "violation"
    most = rule.said("sh:maxCount")
    if not most and "true" in rule.said("sh:uniqueLang"):
        most = _languages(rule)
    least = rule.said("sh:minCount") or (("1",) if rule.said("sh:hasValue") else ())
    bounds = _numbers(least if is_strict else ()), _numbers(most if is_strict else ())
    return Field(
        property=reader.value(Iri(rule.path_terms[0])),
        values=rule.kinds,
        is_link=_is_link(rule),
        least=next(bounds[0], "0"),
        most=next(bounds[1], ""),
        rule=rule,
        choices=rule.choices,
        shape=applied.shape.rule,
        only=applied.only,
    )


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if text.isdecimal())


def _languages(rule: Rule) -> tuple[str, ...]:
    """Return how many languages a rule allows."""
    allowed = [
        value.items
        for entry in rule.conditions
        if entry.iri == expand("sh:languageIn")
        for value in entry.values
    ]
    return tuple(str(len(items)) for items in allowed if items)


def _is_link(rule: Rule) -> bool:
    is_iri = expand("sh:IRI") in rule.said("sh:nodeKind")
    return bool(
        is_iri or rule.said("sh:class") or any(isinstance(one.term, Iri) for one in rule.choices)
    )


def _both(known: Field, other: Field) -> Field:
    tells_more = not (known.values or known.choices) and bool(other.values or other.choices)
    bounds = [bound for bound in (known.most, other.most) if bound]
    return replace(
        known,
        values=known.values or other.values,
        choices=known.choices or other.choices,
        is_link=known.is_link or other.is_link,
        least=max(known.least, other.least, key=int),
        most=min(bounds, key=int) if bounds else "",
        rule=other.rule if tells_more and known.shape == other.shape else known.rule,
    )
