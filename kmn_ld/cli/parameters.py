"""Reads values for the parameters of a query from words of the command line (`day=2010-03-01`)."""

import re
from collections.abc import Callable, Sequence
from datetime import date, time

from kmn_ld import iris, queries
from kmn_ld.engine.terms import Iri, Literal, Term
from kmn_ld.errors import ConfigError
from kmn_ld.vocab import BASE, PREFIXES

_XSD = PREFIXES["xsd"]
_ABSOLUTE = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]+""")
_INTEGER = re.compile(r"[+-]?[0-9]+")


def read_parameters(text: str, words: Sequence[str]) -> dict[str, Term]:
    """Return name → value of the words `name=value`, as the query's `#+ params:` has the types.

    An IRI may be given in full, as a prefixed name (`kmn:…`), or as the path behind `/id/`. Raises
    ConfigError for a word of another form, for a name that the query does not have or that comes
    twice, and for a value that its type does not allow.
    """
    types = queries.parameters(text)
    found: dict[str, Term] = {}
    for word in words:
        name, mark, value = word.partition("=")
        if not mark:
            raise ConfigError("param-form", given=word)
        if name not in types:
            raise ConfigError("param-unknown", name=name, known=", ".join(types) or "-")
        if name in found:
            raise ConfigError("param-twice", name=name)
        try:
            found[name] = _READERS[types[name]](value)
        except (KeyError, ValueError) as error:
            raise ConfigError("param-value", name=name, type=types[name], value=value) from error
    return found


def _iri(value: str) -> Term:
    prefix, mark, local = value.partition(":")
    if mark and prefix in PREFIXES:
        value = PREFIXES[prefix] + local
    elif thing := iris.parse_path(value.removeprefix(BASE).removeprefix("id/")):
        return Iri(thing.iri)
    if _ABSOLUTE.fullmatch(value):
        return Iri(value)
    raise ValueError(value)


def _integer(value: str) -> Term:
    if not _INTEGER.fullmatch(value):
        raise ValueError(value)
    return Literal(value, datatype=_XSD + "integer")


def _date(value: str) -> Term:
    return Literal(date.fromisoformat(value).isoformat(), datatype=_XSD + "date")


def _time(value: str) -> Term:
    return Literal(time.fromisoformat(value).isoformat(), datatype=_XSD + "time")


_READERS: dict[str, Callable[[str], Term]] = {
    "iri": _iri,
    "string": Literal,
    "date": _date,
    "time": _time,
    "integer": _integer,
}
