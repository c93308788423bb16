"""Collects what the page of a library query shows, and what the list of all queries does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, url_for

from kmn_ld.describe import Attribution
from kmn_ld.engine import in_place_of_examples
from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.engine.terms import Iri, Term
from kmn_ld.messages import LANGUAGES, explain
from kmn_ld.queries import Column, LibraryQuery, Parameter, columns_for
from kmn_ld.web import examples, languages, links
from kmn_ld.web.examples import Group
from kmn_ld.web.library import rows as rows_of_result
from kmn_ld.web.library.charts import Bars, Line, draw_bars, draw_line
from kmn_ld.web.library.maps import Map, draw_map
from kmn_ld.web.library.rows import Row
from kmn_ld.web.library.values import Choice, GivenValues, choices
from kmn_ld.web.live import Current

ROWS_SHOWN = 500
_LINES_SHOWN = 500
TABLES = ("csv", "json", "tsv", "xml")
"""Formats of rows, those for people first."""
TRIPLES = ("ttl", "jsonld", "nt", "rdf")
"""Formats of graphs."""
_TOOLS = {
    "curl": "curl",
    "python": "Python (pandas)",
    "r": "R",
    "javascript": "JavaScript",
}
"""Template → name of the tool."""


@dataclass(frozen=True)
class Field:
    """A field of the form: `value` stands in it, `choices` are (value, label) to choose from.

    `input` is its type in HTML, `least` its least value; `shown` are the values of the query as it
    stands, where several; `fault` is what is wrong with the value.
    """

    name: str
    label: str
    type: str
    input: str
    value: str
    choices: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]
    least: str | int | None
    fault: str


@dataclass(frozen=True)
class Cell:
    """A cell of the table: its term, None where it is unbound.

    Of a name `target` is the path of what it names, and `key` what that has instead of an IRI
    (`prs` of Dari); both may be empty.
    """

    term: Term | None
    target: str = ""
    key: str = ""


@dataclass(frozen=True)
class ListPage:
    """What the list of the library shows: queries by subject, and how many there are."""

    groups: tuple[Group, ...]
    total: int


@dataclass(frozen=True)
class LibraryPage:
    """What the page of a query shows.

    `text` is the SPARQL text, in which values that were given stand, `editor` the path of the page
    to change it on. `columns` (headings) and `rows` are its table, `total` counts
    all rows; `turtle` is what a result that is a graph says, `is_part` says that there is more of
    it; `is_large` that the result of `bytes` does not fit here. `downloads` are (format, path),
    `snippets` are (tool, code). `release` is the id of the release, `date` the day it was built,
    `lasting` the path of the same result in it, `newest` in the current one; `given`
    are the values in words, `attributions` those of all sources. Where there are `faults` (name of
    a parameter, text) nothing was asked.
    """

    query: LibraryQuery
    title: str
    summary: str
    fields: tuple[Field, ...]
    text: str
    editor: str
    release: str
    date: str = ""
    lasting: str = ""
    newest: str = ""
    given: str = ""
    attributions: tuple[Attribution, ...] = ()
    downloads: tuple[tuple[str, str], ...] = ()
    snippets: tuple[tuple[str, str], ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    bytes: int = 0
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    turtle: str = ""
    is_part: bool = False
    is_large: bool = False
    map: Map | None = None
    bars: Bars | None = None
    line: Line | None = None


def list_page(current: Current) -> ListPage:
    """Return the list of all queries in the reader's language."""
    groups = examples.groups(current.release, languages.current())
    return ListPage(groups, sum(len(group.examples) for group in groups))


def library_page(
    query: LibraryQuery, asked: GivenValues, answer: PublicAnswer, current: Current
) -> LibraryPage:
    """Return the page of a query with its result, in JSON (rows) or Turtle (a graph)."""
    language = languages.current()
    length = answer.length
    shown = _shown(query, rows_of_result.body_of(answer), language)
    return LibraryPage(
        query=query,
        title=query.title(language),
        summary=query.summary(language),
        fields=_fields(query, asked, current),
        downloads=tuple((name, address(query, name, asked)) for name in formats_of(query)),
        snippets=_snippets(query, asked),
        text=(text := in_place_of_examples(query.text, asked.bindings)),
        editor=_editor(query, text),
        release=current.key,
        date=current.release.manifest.built[:10] if current.release else "",
        lasting=lasting(query, asked, current),
        newest=_newest(query, asked),
        given=", ".join(f"{name} = {value}" for name, value in asked.given.items()),
        attributions=current.attributions,
        bytes=length,
        **shown,
    )


def refused_page(query: LibraryQuery, asked: GivenValues, current: Current) -> LibraryPage:
    """Return the page of a query that was not asked, as an address has faults."""
    language = languages.current()
    return LibraryPage(
        query=query,
        title=query.title(language),
        summary=query.summary(language),
        fields=_fields(query, asked, current),
        text=query.text,
        editor=_editor(query, query.text),
        release=current.key,
        newest=_newest(query, asked),
        faults=_faults(asked),
    )


def _faults(asked: GivenValues) -> tuple[tuple[str, str], ...]:
    language = languages.current()
    return tuple((str(one.details["name"]), explain(one, language)[1]) for one in asked.faults)


def formats_of(query: LibraryQuery) -> tuple[str, ...]:
    """Return the names of the formats in which a query's result comes."""
    if query.is_graph:
        return TRIPLES
    return (*TABLES, "geojson") if query.has_geometry else TABLES


def address(query: LibraryQuery, format_name: str, asked: GivenValues) -> str:
    """Return the path of a result in a format, with the values that were given."""
    name = f"{query.name}.{format_name}" if format_name else query.name
    return _with_values(url_for("query_library.query", name=name, lang=None), asked)


def lasting(query: LibraryQuery, asked: GivenValues, current: Current) -> str:
    """Return the path of a result in its release, which never changes; empty without a release."""
    if not current.key:
        return ""
    path = url_for("query_library.query", name=query.name, release=current.key, lang=None)
    return _with_values(path, asked)


def _newest(query: LibraryQuery, asked: GivenValues) -> str:
    return _with_values(url_for("query_library.query", name=query.name, release=None), asked)


def _with_values(path: str, asked: GivenValues) -> str:
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}{urlencode(asked.given)}" if asked.given else path


def _editor(query: LibraryQuery, text: str) -> str:
    """Return the path of the query page with a text, as long as an address may be."""
    changed = links.permalink(text) if text != query.text else ""
    return changed or url_for("sparql.endpoint", example=query.name)


def _snippets(query: LibraryQuery, asked: GivenValues) -> tuple[tuple[str, str], ...]:
    first, second = ("ttl", "jsonld") if query.is_graph else ("csv", "json")
    paths = {"first": address(query, first, asked), "second": address(query, second, asked)}
    return tuple(
        (tool, render_template(f"queries/{name}.txt", is_graph=query.is_graph, **paths))
        for name, tool in _TOOLS.items()
    )


def _fields(query: LibraryQuery, asked: GivenValues, current: Current) -> tuple[Field, ...]:
    return tuple(_field(one, asked, choices(current.engine, one)) for one in query.parameters)


def _field(parameter: Parameter, asked: GivenValues, offered: Sequence[Choice]) -> Field:
    language = languages.current()
    shown = parameter.shown
    fault = dict(_faults(asked)).get(parameter.name, "")
    value = _value(parameter, asked)
    listed = tuple((choice.value, choice.label(language)) for choice in offered)
    if listed and value and value not in [entry[0] for entry in listed] and not fault:
        listed = ((value, value), *listed)
    return Field(
        parameter.name,
        parameter.label(language),
        parameter.type.name,
        parameter.type.input,
        value,
        listed,
        shown if len(shown) > 1 or fault else (),
        least=parameter.type.schema.get("minimum"),
        fault=fault,
    )


def _value(parameter: Parameter, asked: GivenValues) -> str:
    """Return what stands in a field: what was given, as a term where it is one, or the example."""
    if term := asked.bindings.get(parameter.name):
        return term.value
    alone = parameter.shown[0] if len(parameter.shown) == 1 else ""
    return asked.given.get(parameter.name, alone)


def _shown(query: LibraryQuery, body: bytes | None, language: str) -> Mapping[str, Any]:
    if body is None:
        return {"is_large": True}
    if query.is_graph:
        lines = body.decode("utf-8").rstrip("\n").split("\n")
        text = "\n".join(lines[:_LINES_SHOWN])
        return {"turtle": text, "is_part": len(lines) > _LINES_SHOWN}
    found = rows_of_result.rows_of(body)
    columns = columns_for(query.columns, language)
    table = tuple(tuple(_cell(column, row) for column in columns) for row in found[:ROWS_SHOWN])
    return {
        "columns": tuple(_capital(column.label(language)) for column in columns),
        "rows": table,
        "total": len(found),
        **_drawn(query, found, language),
    }


def _capital(heading: str) -> str:
    return heading[:1].upper() + heading[1:]


def _cell(column: Column, row: Row) -> Cell:
    value, thing = column.value(row), row.get(column.thing)
    if thing is None or thing == value:
        return Cell(value)
    if isinstance(thing, Iri):
        return Cell(value, links.href(thing.value))
    return Cell(value, key=thing.value)


def _drawn(query: LibraryQuery, found: list[Row], language: str) -> Mapping[str, object]:
    kind = query.view.kind
    if kind == "map":
        return {"map": draw_map(query.columns, found, language)}
    if kind == "bar":
        return {"bars": draw_bars(query, found, language)}
    return {"line": draw_line(query, found, language)} if kind == "line" else {}


def entry(query: LibraryQuery) -> dict[str, Any]:
    """Return a query as the list in JSON tells it."""
    return {
        "name": query.name,
        "iri": query.iri,
        "title": {language: query.title(language) for language in LANGUAGES},
        "summary": {language: query.summary(language) for language in LANGUAGES},
        "tags": query.tags,
        "parameters": [
            {"name": one.name, "type": one.type.name, "shown": one.shown, "example": one.example}
            for one in query.parameters
        ],
        "columns": query.columns,
        "view": query.view.kind,
        "page": url_for("query_library.query", name=query.name, lang=None),
        "results": {
            name: url_for("query_library.query", name=f"{query.name}.{name}", lang=None)
            for name in formats_of(query)
        },
    }
