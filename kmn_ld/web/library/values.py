"""Reads the parameters of a library query from an address, into typed terms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import Term, typed
from kmn_ld.errors import RequestError
from kmn_ld.queries import CHOICES, LONGEST, SUFFIXES, LibraryQuery, Parameter, load_query

_MOST_TOLD = 100
"""Choices that an error names."""
_MOST_IN_WORDS = 12
"""Choices that its text names."""


@dataclass(frozen=True)
class GivenValues:
    """Values by parameter: as they were given, and as typed terms; what is wrong with an address.

    The details of a fault have the `name` of the parameter.
    """

    given: Mapping[str, str]
    bindings: Mapping[str, Term]
    faults: tuple[RequestError, ...] = ()


NOTHING = GivenValues({}, {})


@dataclass(frozen=True)
class Choice:
    """A value that the data offers for a parameter, with its labels by language."""

    value: str
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        """Return the label in a language, else the value."""
        return self.labels.get(language) or self.value


def choices(engine: Engine, parameter: Parameter) -> Sequence[Choice]:
    """Return what the data offers for a parameter, none where it is free."""
    if not parameter.choices:
        return ()
    rows = engine.rows(load_query(f"{CHOICES}/{parameter.choices}"))
    return [
        Choice(
            row["value"].value,
            {
                language: row[f"label{ending}"].value
                for language, ending in SUFFIXES.items()
                if f"label{ending}" in row
            },
        )
        for row in rows
    ]


def read(
    query: LibraryQuery, arguments: MultiDict[str, str], engine: Engine, reserved: Sequence[str]
) -> GivenValues:
    """Return the values that an address gives; an empty one, as forms send, is none.

    `reserved` are names that mean something else there. Each fault names the parameter; that of a
    value also its type, an example and the choices.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    asked = {name: texts for name, texts in arguments.lists() if name not in reserved}
    given = {name: asked[name][0].strip() for name in asked if name in known}
    given = {name: text for name, text in given.items() if text}
    faults = list(_misnamed(asked, known))
    bindings: dict[str, Term] = {}
    for name, text in given.items():
        try:
            bindings[name] = _term(known[name], text, engine)
        except RequestError as error:
            faults.append(error)
    return GivenValues(given, bindings, tuple(faults))


def _misnamed(
    asked: Mapping[str, Sequence[str]], known: Mapping[str, Parameter]
) -> Iterator[RequestError]:
    for name, texts in asked.items():
        if name not in known:
            yield RequestError("library-unknown", name=name, known=", ".join(known) or "–")
        elif len(texts) > 1:
            yield RequestError("library-twice", name=name, count=len(texts))


def _term(parameter: Parameter, text: str, engine: Engine) -> Term:
    """Return a value as a term.

    Raises RequestError where it is none, none of a closed list, or longer than `LONGEST`.
    """
    kind = parameter.type
    if len(text) > LONGEST:
        raise RequestError("library-long", name=parameter.name, length=len(text), limit=LONGEST)
    details = {"name": parameter.name, "value": text, "parameter_type": kind.name}
    try:
        term = typed(kind.read(text), kind.datatype)
    except ValueError as error:
        offered = _told(choices(engine, parameter))
        example = parameter.example
        raise RequestError("library-value", **details, example=example, choices=offered) from error
    is_missing = parameter.is_closed and not _is_offered(parameter, term, engine)
    if is_missing and (offered := _told(choices(engine, parameter))):
        told = ", ".join(offered[:_MOST_IN_WORDS]) + (", …" * (len(offered) > _MOST_IN_WORDS))
        raise RequestError("library-choice", **details, told=told, choices=offered)
    return term


def _told(offered: Sequence[Choice]) -> list[str]:
    return [choice.value for choice in offered[:_MOST_TOLD]]


def _is_offered(parameter: Parameter, term: Term, engine: Engine) -> bool:
    """Whether a list has a value; asked for it alone, as a list may have a LIMIT."""
    return bool(engine.rows(load_query(f"{CHOICES}/{parameter.choices}"), {"value": term}))
