"""Prepares the result of a query for the page that shows it as a table."""

import json
from dataclasses import dataclass
from typing import Any

from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Term

ROWS_SHOWN = 500


@dataclass(frozen=True)
class QueryPage:
    """What the query page shows.

    `query` is the text in the form; `form` says what came out: "" (nothing was asked), "table"
    (`columns`, `rows`; an unbound cell is None), "boolean" (`truth`), "text" (`text`, Turtle),
    "large" (only its size in `bytes` is told). `total` is the number of rows in the result.
    """

    query: str = ""
    form: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    total: int = 0
    truth: bool = False
    text: str = ""
    bytes: int = 0


def result_page(query: str, answer: PublicAnswer) -> QueryPage:
    """Return what the page shows of an answer in JSON (rows) or Turtle (triples)."""
    known: dict[str, Any] = {"query": query, "bytes": answer.length}
    if answer.body is None:
        if answer.path is not None:
            answer.path.unlink(missing_ok=True)
        return QueryPage(form="large", **known)
    if answer.format == "ttl":
        return QueryPage(form="text", text=answer.body.decode("utf-8"), **known)
    result = json.loads(answer.body)
    if "boolean" in result:
        return QueryPage(form="boolean", truth=result["boolean"], **known)
    columns = tuple(result["head"]["vars"])
    bindings = result["results"]["bindings"]
    rows = tuple(
        tuple(_term(row[name]) if name in row else None for name in columns)
        for row in bindings[:ROWS_SHOWN]
    )
    return QueryPage(form="table", columns=columns, rows=rows, total=len(bindings), **known)


def _term(value: dict[str, Any]) -> Term:
    kind, text = value["type"], value["value"]
    if kind == "uri":
        return Iri(text)
    if kind == "bnode":
        return BlankNode(text)
    if kind == "triple":  # RDF 1.2: shown as it stands
        return Literal(json.dumps(text, ensure_ascii=False))
    return Literal(text, value.get("xml:lang", ""), value.get("datatype", Literal("").datatype))
