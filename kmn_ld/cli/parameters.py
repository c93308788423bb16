"""Reads values for the parameters of a query from words of the command line (`day=2010-03-01`)."""

from collections.abc import Sequence

from kmn_ld import queries
from kmn_ld.engine.terms import Term, typed
from kmn_ld.errors import ConfigError


def read_parameters(text: str, words: Sequence[str]) -> dict[str, Term]:
    """Return name → value of the words `name=value`, as the query's `#+ params:` has the types.

    An IRI may be given in full, as a prefixed name (`kmn:…`), or as the path behind `/id/`. Raises
    ConfigError for a word of another form, for a name that the query does not have or that comes
    twice, and for a value that its type does not allow; QueryFileError for a bad header.
    """
    types = queries.parameters(queries.given(text))
    found: dict[str, Term] = {}
    for word in words:
        name, mark, value = word.partition("=")
        if not mark:
            raise ConfigError("param-form", given=word)
        if name not in types:
            raise ConfigError("param-unknown", name=name, known=", ".join(types) or "-")
        if name in found:
            raise ConfigError("param-twice", name=name)
        kind = types[name]
        try:
            found[name] = typed(kind.read(value), kind.datatype)
        except ValueError as error:
            raise ConfigError("param-value", name=name, type=kind.name, value=value) from error
    return found
