"""Describes the interface for programs: `/openapi.json` (OpenAPI 3.1), `/api` as its page.

What does not change stands in `openapi.json` beside this module: `@key` is a text of the
catalogues, `#kinds` of a content are formats. The queries of the library are added from the
release that answers.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app

from kmn_ld.formats import BY_NAME, DOCUMENT, GRAPHS, SOLUTIONS
from kmn_ld.queries import LONGEST, LibraryQuery, Parameter
from kmn_ld.web import examples, languages, responses
from kmn_ld.web.library.page import formats_of
from kmn_ld.web.library.values import choices
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying

bp = Blueprint("openapi", __name__)

_FILE = Path(__file__).with_suffix(".json")
_KINDS = {"solutions": SOLUTIONS, "graphs": GRAPHS, "document": DOCUMENT, "html": ("html",)}
_PROBLEMS = ("400", "404", "429", "503")
_MOST_LISTED = 100
"""Values that an `enum` lists; of more there is only an example."""

Document = dict[str, Any]
_Lists = Mapping[str, list[str]]
"""Name of a list of choices → its values."""


@dataclass(frozen=True)
class Operation:
    """An operation as the page shows it: `parameters` and `responses` as OpenAPI has them."""

    method: str
    path: str
    summary: str
    parameters: tuple[Mapping[str, Any], ...]
    media_types: tuple[str, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True)
class ApiPage:
    """What the page of the interface shows: (name of a group, its operations), and the about.

    Of choices there are at most `most_listed`; of more it shows an example and their number.
    """

    about: str
    groups: tuple[tuple[str, tuple[Operation, ...]], ...]
    most_listed: int = 15


@bp.get("/openapi.json")
def document() -> Response:
    """Send the OpenAPI document in the reader's language."""
    body = json.dumps(describe(), ensure_ascii=False).encode()
    response = responses.raw(body, "application/json")
    response.headers["Content-Language"] = languages.current()
    if header := Varying(by_language=True).header:
        response.headers["Vary"] = header
    return response


@bp.get("/api")
def api() -> Response:
    """Show the OpenAPI document as a page."""
    described = describe()
    groups = tuple(
        (tag["description"], tuple(_operations(described, tag["name"])))
        for tag in described["tags"]
    )
    return responses.page("queries/api.html", ApiPage(described["info"]["description"], groups))


def describe() -> Document:
    """Return the OpenAPI document of what this server answers, in the reader's language."""
    described: Document = _worded(json.loads(_base()))
    described["info"]["version"] = version("kmn-ld")
    rules = {rule.rule.replace("<path:", "<") for rule in current_app.url_map.iter_rules()}
    described["paths"] = {
        path: entry for path, entry in described["paths"].items() if _rule_of(path) in rules
    }
    library = examples.library(current().release)
    lists = _closed_lists(library)
    for query in library:
        described["paths"][f"/queries/{query.name}.{{format}}"] = {"get": _operation(query, lists)}
    return described


def _closed_lists(library: Iterable[LibraryQuery]) -> _Lists:
    """Return the lists outside of which a value is refused; each is asked for once."""
    closed = {one.choices: one for query in library for one in query.parameters if one.is_closed}
    engine = current().engine
    return {name: [each.value for each in choices(engine, one)] for name, one in closed.items()}


@cache
def _base() -> str:
    return _FILE.read_text(encoding="utf-8")


def _rule_of(path: str) -> str:
    """Return the path as the application writes it, by the names that its views have."""
    names = {
        "{name}": "<graph_name>",
        "{file}": "<file_name>",
        "{path}": "<path>",
        "{query}": "<name>",
        "{release}": "<release>",
    }
    for written, rule in names.items():
        path = path.replace(written, rule)
    return path


def _worded(value: Any) -> Any:
    """Put texts for `@key` and media types for `#kinds`, wherever they stand."""
    if isinstance(value, dict):
        return {name: _worded(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_worded(entry) for entry in value]
    if isinstance(value, str) and value.startswith("@"):
        return languages.text(value[1:])
    if isinstance(value, str) and value.startswith("#") and "/" not in value:
        return _content(name for kind in value[1:].split("+") for name in _KINDS[kind])
    return value


def _content(names: Iterator[str]) -> Document:
    return {
        BY_NAME[name].media_types[0]: {
            "schema": {"type": "object" if "json" in BY_NAME[name].media_types[0] else "string"}
        }
        for name in names
    }


def _operation(query: LibraryQuery, lists: _Lists) -> Document:
    language = languages.current()
    names = formats_of(query)
    chosen = {
        "name": "format",
        "in": "path",
        "required": True,
        "description": languages.text("api.format"),
        "schema": {"enum": list(names)},
        "example": names[0],
    }
    return {
        "tags": ["library"],
        "operationId": query.name,
        "summary": query.title(language),
        "description": query.summary(language),
        "parameters": [chosen, *(_parameter(one, lists) for one in query.parameters)],
        "responses": {
            "200": {
                "description": languages.text("api.result"),
                "content": _content(iter(names)),
            },
            **{status: {"$ref": "#/components/responses/Problem"} for status in _PROBLEMS},
        },
        "externalDocs": {"url": query.iri},
    }


def _parameter(parameter: Parameter, lists: _Lists) -> Document:
    """Describe a parameter; a short closed list is its `enum` (JSON Schema Validation, 6.1.2)."""
    read = parameter.type.read(parameter.example)
    listed = lists[parameter.choices] if parameter.is_closed else []
    is_number = parameter.type.schema["type"] == "integer"
    schema: Document = {**parameter.type.schema, **({} if is_number else {"maxLength": LONGEST})}
    if 0 < len(listed) <= _MOST_LISTED:
        schema["enum"] = [_json(value, parameter) for value in listed]
        read = read if read in listed else listed[0]
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.label(languages.current()),
        "schema": schema,
        "example": _json(read, parameter),
    }


def _json(value: str, parameter: Parameter) -> str | int:
    return int(value) if parameter.type.schema["type"] == "integer" else value


def _operations(described: Document, tag: str) -> Iterator[Operation]:
    known = described["components"]["parameters"]
    for path, entry in described["paths"].items():
        for method, operation in entry.items():
            if tag in operation["tags"]:
                parameters = tuple(
                    known[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
                    for one in operation.get("parameters", ())
                )
                answers = operation["responses"]
                yield Operation(
                    method.upper(),
                    path,
                    operation["summary"],
                    parameters,
                    tuple(answers.get("200", {}).get("content", ())),
                    tuple(answers),
                )
