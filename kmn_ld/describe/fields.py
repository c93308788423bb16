"""Tells from the rules which properties the things of a class have."""

from collections.abc import Iterator

from kmn_ld.describe.model import Value
from kmn_ld.describe.names import expand
from kmn_ld.describe.reader import Reader
from kmn_ld.describe.rules import Rule, RuleBook
from kmn_ld.describe.terms import Field
from kmn_ld.engine.terms import Iri

_TARGET = expand("sh:targetClass")
_CLASS, _DATATYPE, _KIND = (expand(short) for short in ("sh:class", "sh:datatype", "sh:nodeKind"))
_LEAST, _MOST = expand("sh:minCount"), expand("sh:maxCount")


def fields_of(class_: str, book: RuleBook, reader: Reader) -> tuple[Field, ...]:
    """Return the properties that rules name for a class, each once, in the order of the rules.

    Of several rules for one property the one that names the class or datatype of its values is
    told; rules whose path is not a single property are left out.
    """
    found: dict[str, Field] = {}
    for shape in book.shapes:
        classes = {
            value.term.value
            for target in shape.targets
            if target.iri == _TARGET
            for value in target.values
        }
        for rule in shape.rules if class_ in classes else ():
            if len(rule.path_terms) == 1 and rule.path and rule.path[0].isalpha():
                field = _field(rule, reader)
                known = found.get(rule.path_terms[0])
                if known is None or (field.values and not known.values):
                    found[rule.path_terms[0]] = field
    return tuple(found.values())


def _field(rule: Rule, reader: Reader) -> Field:
    said = {condition.iri: condition.values for condition in rule.conditions}
    classes = said.get(_CLASS, ())
    return Field(
        property=reader.value(Iri(rule.path_terms[0])),
        values=tuple(classes or said.get(_DATATYPE, ())),
        is_link=bool(classes) or expand("sh:IRI") in set(_texts(said.get(_KIND, ()))),
        least=next(_texts(said.get(_LEAST, ())), "0"),
        most=next(_texts(said.get(_MOST, ())), ""),
        rule=rule,
    )


def _texts(values: tuple[Value, ...]) -> Iterator[str]:
    return (value.term.value for value in values)
