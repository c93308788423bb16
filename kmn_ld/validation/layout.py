"""Holds every Turtle file against the house layout, or rewrites it in that layout."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from kmn_ld import turtle
from kmn_ld.engine.parsing import ParsedGraph, label_lists
from kmn_ld.errors import SourceError
from kmn_ld.sources import misnamed_files, turtle_files
from kmn_ld.validation import places
from kmn_ld.validation.findings import Finding, from_error, relative, violation
from kmn_ld.vocab import GRAPH


def check_layout(sources: Path) -> Iterator[Finding]:
    """Yield a finding for each Turtle file that does not parse or is laid out differently."""
    files = list(turtle_files(sources))
    if not files:
        raise SourceError("sources-empty", path=sources)
    for path in files:
        try:
            text, wanted = _formatted(path)
        except SourceError as error:
            yield from_error(error, sources)
            continue
        if text != wanted:
            line = _first_difference(text, wanted)
            yield violation("layout", path=relative(path, sources), line=line)
    for path in misnamed_files(sources):
        yield violation("file-ending", path=relative(path, sources), ending=".ttl")


def rewrite(sources: Path) -> Iterator[Path]:
    """Write every Turtle file in the house layout and yield those that changed.

    Raises SourceError at the first file that does not parse; the files before it are rewritten. At
    the end, for a file that looks like RDF by its ending but is none of ours.
    """
    for path in turtle_files(sources):
        text, wanted = _formatted(path)
        if text != wanted:
            _replace(path.resolve(), wanted)  # a symbolic link stays one
            yield path
    for path in misnamed_files(sources):
        raise SourceError("file-ending", path=path, ending=".ttl")


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file at once, with the same rights."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    shutil.copymode(path, new)
    new.replace(path)


def _formatted(path: Path) -> tuple[str, str]:
    """Return the text of a file and what it should be; both parsers have read it (S13.5)."""
    text = turtle.read_text(path)
    said = places.parse(text.encode(), path)
    wanted = turtle.format_text(text, path)
    if _lines(said) != _lines(places.parse(wanted.encode(), path)):
        raise SourceError("layout-changes", path=path)
    return text, wanted


def _lines(parsed: ParsedGraph) -> list[str]:
    """Return all statements of a file, those of its lists with canonical labels."""
    graph = GRAPH + "sources"
    return sorted([*parsed.lines, *label_lists({graph: parsed.list_triples})[graph]])


def _first_difference(text: str, wanted: str) -> int:
    pairs = zip(text.split("\n"), wanted.split("\n"), strict=False)
    return next((n for n, (a, b) in enumerate(pairs, start=1) if a != b), 1)
