"""Answers to the queries of the library, and how rows are put into words to compare them.

`tests/answers/<query>.csv` holds the rows that a query of `queries/examples` must return as it
stands, in their order. They were written from the source tables, with their ids for our IRIs; an
empty cell is an unbound variable. A query may return more columns than are compared.
"""

import csv
from pathlib import Path

from kmn_ld import queries
from kmn_ld.engine import TrustedStore
from kmn_ld.engine.terms import Iri, Literal, Row, Term
from kmn_ld.queries import QueryFile

REPOSITORY = Path(__file__).parents[1]
ANSWERS = Path(__file__).parent / "answers"
HOME = "https://w3id.org/kmn-ld/"
SLUG = HOME + "def#factsSlug"
_SLUGS = "SELECT ?thing ?slug { ?thing <http://www.w3.org/2004/02/skos/core#notation> ?slug }"


def library() -> dict[str, QueryFile]:
    """Return all queries, by name."""
    files = map(queries.read, queries.find(REPOSITORY / "queries" / "examples"))
    return {query.name: query for query in files}


def questions() -> dict[str, QueryFile]:
    """Return the queries that answer one of the 25 questions of the domain, by name."""
    return {name: query for name, query in library().items() if "question" in query.header}


def number(query: QueryFile) -> int:
    """Return the number of the question that a query answers."""
    return int(query.header["question"])


def expected(name: str) -> tuple[list[str], list[list[str]]]:
    """Return the columns to compare and their rows."""
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return columns, rows


class Reader:
    """Puts terms into the words of the source tables."""

    def __init__(self, store: TrustedStore) -> None:
        self._slugs = {
            row["thing"].value: row["slug"].value
            for row in store.rows(_SLUGS)
            if isinstance(row["slug"], Literal) and row["slug"].datatype == SLUG
        }

    def rows(self, rows: list[Row], columns: list[str]) -> list[list[str]]:
        """Return the columns of rows as texts, unbound variables as empty ones."""
        return [[self._text(row.get(name)) for name in columns] for row in rows]

    def _text(self, term: Term | None) -> str:
        if isinstance(term, Iri) and term.value.startswith(HOME):
            return self._slugs.get(term.value) or term.value.rsplit("/", 1)[-1]
        return term.value if term else ""
