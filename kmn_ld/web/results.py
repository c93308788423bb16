"""Prepares the result of a query for the page that shows it as a table."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from kmn_ld.describe import Attribution
from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Term
from kmn_ld.vocab import PREFIXES
from kmn_ld.web.examples import Example, Group
from kmn_ld.web.hints import UnknownName

ROWS_SHOWN = 500
_PIECE = 256 * 1024
"""Characters read at a time; the head of a result, whose query is 64 KiB at most, fits in."""
_MOST_READ = 4 * 1024 * 1024
"""Characters of a file that a page may be made of."""
_BINDINGS = re.compile(r',\s*"results"\s*:\s*\{\s*"bindings"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class QueryPage:
    """What the query page shows.

    `query` is the text in the form; `form` says what came out: "" (nothing was asked), "table"
    (`columns`, `rows`; an unbound cell is None), "boolean" (`truth`), "text" (`text`, Turtle),
    "large" (nothing of it fits). `total` is the number of rows in the result; where `is_part`, rows
    or text are the beginning of a result of `bytes`, whose rows nobody has counted. `example` is
    the one in the form, if any; `examples` are all there are, `snippets` name and code of a call
    of the query from each of several tools, `prefixes` our prefixes with their namespaces,
    `attributions` how the sources of all data want to be named. `view` is the kind of picture that
    the example wants and the columns that it draws ("bar pillar organisations"). `unknown` are
    names of ours in the query of an empty result that do not exist.
    """

    query: str = ""
    form: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    total: int = 0
    truth: bool = False
    text: str = ""
    bytes: int = 0
    is_part: bool = False
    example: Example | None = None
    examples: tuple[Group, ...] = ()
    snippets: tuple[tuple[str, str], ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    attributions: tuple[Attribution, ...] = ()
    view: str = ""
    unknown: tuple[UnknownName, ...] = ()


def result_page(query: str, answer: PublicAnswer) -> QueryPage:
    """Return what the page shows of an answer in JSON (rows) or Turtle (triples).

    Of a file only the beginning is read; it is removed.
    """
    known: dict[str, Any] = {"query": query, "bytes": answer.length}
    if answer.path is not None:
        try:
            return _beginning(answer.path, answer.format, known)
        finally:
            answer.path.unlink(missing_ok=True)
    body = answer.body or b""
    if answer.format == "ttl":
        return _text(body.decode("utf-8"), known)
    result = json.loads(body)
    if "boolean" in result:
        return QueryPage(form="boolean", truth=result["boolean"], **known)
    bindings = result["results"]["bindings"]
    shown = _table(result["head"], bindings[:ROWS_SHOWN])
    return QueryPage(form="table", **shown, total=len(bindings), **known)


def _beginning(path: Path, format_name: str, known: dict[str, Any]) -> QueryPage:
    with path.open(encoding="utf-8", newline="") as source:
        if format_name == "ttl":
            text = source.read(_PIECE).rpartition("\n")[0]
            return _text(text, known) if text else QueryPage(form="large", **known)
        start = source.read(_PIECE)
        found = _BINDINGS.search(start)
        head = json.loads(start[: found.start()] + "}")["head"] if found else {}
        bindings = list(_first_bindings(source, start[found.end() :])) if found else []
    if not bindings:
        return QueryPage(form="large", **known)
    return QueryPage(form="table", **_table(head, bindings), is_part=True, **known)


def _text(text: str, known: dict[str, Any]) -> QueryPage:
    lines = text.rstrip("\n").split("\n")
    is_part = len(lines) > ROWS_SHOWN or len(text.encode()) < known["bytes"] - 1
    shown = "\n".join(lines[:ROWS_SHOWN])
    return QueryPage(form="text", text=shown, is_part=is_part, **known)


def _first_bindings(source: IO[str], text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the first solutions of a result, of which `text` has been read already."""
    place, read = 0, len(text)
    for _ in range(ROWS_SHOWN):
        while (decoded := _decoded(text, place)) is None:
            more = source.read(max(_PIECE, len(text) - place)) if read < _MOST_READ else ""
            if not more or text[place : place + 1] == "]":
                return
            text, place, read = text[place:] + more, 0, read + len(more)
        yield decoded[0]
        between = _BETWEEN.match(text, decoded[1])
        place = between.end() if between else decoded[1]


def _decoded(text: str, place: int) -> tuple[Mapping[str, Any], int] | None:
    """Return the object at a place and where it ends, None where it is not whole."""
    try:
        found: tuple[Mapping[str, Any], int] = _DECODER.raw_decode(text, place)
    except json.JSONDecodeError:
        return None
    return found


def _table(head: Mapping[str, Any], bindings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns = tuple(head["vars"])
    rows = tuple(
        tuple(term_of(row[name]) if name in row else None for name in columns) for row in bindings
    )
    return {"columns": columns, "rows": rows}


def term_of(value: Mapping[str, Any]) -> Term:
    """Return the term that SPARQL JSON has for a value (SPARQL 1.1 Query Results JSON, 3.2.2)."""
    kind, text = value["type"], value["value"]
    if kind == "uri":
        return Iri(text)
    if kind == "bnode":
        return BlankNode(text)
    if kind == "triple":  # RDF 1.2: shown as it stands
        return Literal(json.dumps(text, ensure_ascii=False))
    return Literal(text, value.get("xml:lang", ""), value.get("datatype", Literal("").datatype))
