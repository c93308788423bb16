"""Reads the parameters of a library query from an address, into typed terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import Term, typed
from kmn_ld.errors import RequestError
from kmn_ld.queries import CHOICES, SUFFIXES, LibraryQuery, Parameter, load_query
from kmn_ld.queries.library import RESERVED

_MOST_TOLD = 100
"""Choices that an error names."""


@dataclass(frozen=True)
class Asked:
    """Values by parameter: as they were given, and as typed terms."""

    given: Mapping[str, str]
    bindings: Mapping[str, Term]


NOTHING = Asked({}, {})


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


def read(query: LibraryQuery, arguments: MultiDict[str, str], engine: Engine) -> Asked:
    """Return the values that an address gives; an empty one, as forms send, is none.

    Raises RequestError, which names the parameter, its type, an example and the choices.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    given: dict[str, str] = {}
    for name, values in arguments.lists():
        if name in RESERVED:
            continue
        if name not in known:
            raise RequestError("library-unknown", name=name, known=", ".join(known) or "–")
        if len(values) > 1:
            raise RequestError("library-twice", name=name, count=len(values))
        if values[0].strip():
            given[name] = values[0].strip()
    bindings = {name: _term(known[name], text, engine) for name, text in given.items()}
    return Asked(given, bindings)


def _term(parameter: Parameter, text: str, engine: Engine) -> Term:
    kind = parameter.type
    try:
        return typed(kind.read(text), kind.datatype)
    except ValueError as error:
        offered = [choice.value for choice in choices(engine, parameter)[:_MOST_TOLD]]
        raise RequestError(
            "library-value",
            name=parameter.name,
            value=text,
            parameter_type=kind.name,
            example=parameter.example,
            choices=offered,
        ) from error
