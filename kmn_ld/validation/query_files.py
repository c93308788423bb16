"""Checks the query files of the sources, and runs those that must return nothing."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from pathlib import Path

from kmn_ld import messages, queries, sources
from kmn_ld.engine import projected_variables
from kmn_ld.engine.terms import Row
from kmn_ld.errors import EngineError, QueryFileError
from kmn_ld.queries import TRIPLES, QueryFile
from kmn_ld.validation.findings import (
    SEVERITIES,
    VIOLATION,
    Finding,
    from_error,
    relative,
    type_of,
    violation,
)

RowsOf = Callable[[str], list[Row]]


def check_files(folder: Path) -> Iterator[Finding]:
    """Yield what is wrong with the text of each query file, and folders that have none.

    Without checks, sources would pass unchecked; without rules, nothing would be concluded.
    """
    for path in _paths(folder):
        try:
            is_of_library = path.parent == folder / sources.EXAMPLES
            _check_file(queries.read_library(path).file if is_of_library else queries.read(path))
        except QueryFileError as error:
            yield from_error(error, folder)
        except EngineError as error:
            yield _not_run(error, relative(path, folder))
    misnamed: dict[Path, list[Path]] = {}
    for path in queries.misnamed_files(folder / sources.QUERIES):
        misnamed.setdefault(path.parent, []).append(path)
    for wanted in (sources.CHECKS, sources.RULES):
        if not any(queries.find(folder / wanted)) and folder / wanted not in misnamed:
            yield violation("queries-empty", path=wanted.as_posix())
    for path in chain(*misnamed.values()):
        yield violation("file-ending", path=relative(path, folder), ending=".rq")


def check_rows(folder: Path, rows: RowsOf, faulty: Collection[str] = ()) -> Iterator[Finding]:
    """Yield a finding for each row of a query in `checks`: its title says what is wrong.

    The column `focus` (or the first one) names the record, `value` the value. Files whose names
    (below the sources) are in `faulty` are passed over.
    """
    for path in queries.find(folder / sources.CHECKS):
        if relative(path, folder) in faulty:
            continue
        query = queries.read(path)
        texts = {"de": query.header["title@de"], "en": query.header["title"]}
        for row in rows(query.text):
            focus = row.get("focus") or next(iter(row.values()), None)
            value = row.get("value")
            yield Finding(
                query.header.get("severity", VIOLATION),
                query.name,
                texts,
                focus=focus.value if focus else "",
                value=value.value if value else "",
                value_type=type_of(value),
            )


def _paths(folder: Path) -> Iterator[Path]:
    yield from queries.find(folder / sources.CHECKS)
    yield from queries.find(folder / sources.EXAMPLES)
    yield from queries.find(folder / sources.RULES)


def _not_run(error: EngineError, name: str) -> Finding:
    """Return what an engine says about a query, in the words of each language."""
    texts = {
        language: messages.text(
            "errors.query-file.text", language, reason=messages.explain(error, language)[1]
        )
        for language in messages.LANGUAGES
    }
    line, column = (_number(error, part) for part in ("line", "column"))
    return Finding(VIOLATION, "query-file", texts, path=name, line=line, column=column)


def _number(error: EngineError, name: str) -> int:
    number = error.details.get(name)
    return number if isinstance(number, int) else 1


def _check_file(query: QueryFile) -> None:
    """Raise QueryFileError unless the query projects its parameters, EngineError unless it parses.

    Values enter by substitution, which needs projected variables (style guide S12.3).
    """
    variables = projected_variables(query.text)
    if query.path.parent.name == sources.CHECKS.name and not variables:
        raise QueryFileError("query-check-form", path=query.path)
    severity = query.header.get("severity", VIOLATION)
    if severity not in SEVERITIES:
        raise QueryFileError("query-severity", path=query.path, severity=severity)
    named = queries.parameters(query)
    missing = [name for name in named if variables and name not in variables]
    if missing:
        line = query.line_of("params")
        raise QueryFileError(
            "query-parameter", path=query.path, line=line, missing=", ".join(missing)
        )
    if query.path.parent.name == sources.EXAMPLES.name:
        _check_columns(query, variables or [TRIPLES])


def _check_columns(query: QueryFile, columns: Sequence[str]) -> None:
    """Raise QueryFileError unless the header names what the query returns, in order."""
    if list(query.listed("returns")) != list(columns):
        returned = ", ".join(columns)
        line = query.line_of("returns")
        raise QueryFileError("query-returns", path=query.path, line=line, returned=returned)
