"""Asks releases: a query of the operator's on the current one, and what each of them is."""

import json
from collections.abc import Sequence
from typing import Any

from kmn_ld import releases
from kmn_ld.cli.parameters import read_parameters
from kmn_ld.config import Settings
from kmn_ld.engine import write_result
from kmn_ld.errors import BuildError

WIDEST = 60
"""Characters of a cell of a table on a terminal."""


def run_query(
    settings: Settings,
    text: str,
    output: str,
    *,
    parameters: Sequence[str] = (),
    widest: int | None = None,
) -> bytes:
    """Return the result in one of our formats, or as a table; triples come as Turtle then.

    `parameters` are words `name=value` for what the query's header names as its parameters;
    `widest` is the number of characters to which cells of a table are cut.
    """
    formats = ("json", "ttl") if output == "table" else (output,)
    bindings = read_parameters(text, parameters)
    release = releases.current(settings.releases)
    name, data = write_result(release, settings, text, formats, bindings)
    return _table(json.loads(data), widest) if output == "table" and name == "json" else data


def describe_release(settings: Settings, key: str) -> str:
    """Return kind and number of quads of a release, or that it is damaged."""
    try:
        manifest = releases.find(settings.releases, key).manifest
    except BuildError:
        return "?"
    return f"{manifest.kind}  {manifest.quads}"


def _table(result: dict[str, Any], widest: int | None) -> bytes:
    """Lay out SPARQL JSON results in columns; unbound values stay empty."""
    if "boolean" in result:
        return f"{str(result['boolean']).lower()}\n".encode()
    names = result["head"]["vars"]
    rows = [
        [_cell(row.get(name), widest) for name in names] for row in result["results"]["bindings"]
    ]
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    lines = [names, ["─" * width for width in widths], *rows]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "".join(f"{line}\n" for line in text).encode()


def _cell(value: dict[str, str] | None, widest: int | None) -> str:
    text = value["value"].replace("\n", " ") if value else ""
    return text if widest is None or len(text) <= widest else text[: widest - 1] + "…"
