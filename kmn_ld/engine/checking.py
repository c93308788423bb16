"""Asks a store that a build has just loaded, and parses queries without data."""

import re

import pyoxigraph as ox

from kmn_ld.engine.conversion import to_term
from kmn_ld.engine.terms import Row
from kmn_ld.errors import EngineError, QuerySyntaxError

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class StoreReader:
    """Runs queries of ours on a store."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def rows(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query."""
        solutions = self._store.query(query)
        if not isinstance(solutions, ox.QuerySolutions):
            raise EngineError("query-not-select")
        names = [variable.value for variable in solutions.variables]
        return [
            {name: to_term(value) for name in names if (value := solution[name]) is not None}
            for solution in solutions
        ]


def check_syntax(query: str) -> list[str]:
    """Return the variables that a SELECT query projects; none for the other query forms.

    Raises QuerySyntaxError with line and column.
    """
    try:
        result = ox.Store().query(query)
    except SyntaxError as error:
        match = _POSITION.match(str(error))
        line, column, reason = match.groups() if match else ("1", "1", str(error))
        raise QuerySyntaxError(
            "query-invalid", line=int(line), column=int(column), reason=reason
        ) from error
    except (RuntimeError, ValueError) as error:
        raise QuerySyntaxError("query-invalid", line=1, column=1, reason=str(error)) from error
    if isinstance(result, ox.QuerySolutions):
        return [variable.value for variable in result.variables]
    return []
