"""Writes rows as CSV (SPARQL 1.1 Query Results CSV and TSV Formats, 3).

Oxigraph's own writer leaves IRIs with a comma unquoted, and a single cell without a value as an
empty line, which readers skip.
"""

import csv
import io
from itertools import islice
from typing import IO

import pyoxigraph as ox

_AT_ONCE = 1000
"""Rows in a piece."""


def write_csv(solutions: ox.QuerySolutions, out: IO[bytes]) -> None:
    """Write solutions with their variables as header; an unbound variable is an empty cell (3.2).

    Raises what the evaluation of the rows raises.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([variable.value for variable in solutions.variables])
    while rows := [[_cell(term) for term in row] for row in islice(solutions, _AT_ONCE)]:
        writer.writerows(rows)
        out.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    out.write(text.getvalue().encode())


def _cell(term: object) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return "" if term is None else str(term)
