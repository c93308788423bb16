"""Sorts lines, however many: what memory does not hold waits on disk."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile

_RUN = 32 * 1024 * 1024
"""Characters that are sorted at once."""


def write_sorted(lines: Iterable[str], path: Path) -> int:
    """Write lines, without line feeds, sorted by code point, each once; return their number."""
    with ExitStack() as stack:  # temporary files, beside the file
        runs: list[Iterable[str]] = []
        for run in _runs(lines):
            file = stack.enter_context(
                TemporaryFile("w+", encoding="utf-8", newline="\n", dir=path.parent)
            )
            file.writelines(f"{line}\n" for line in run)
            file.seek(0)
            runs.append(line.rstrip("\n") for line in file)
        return write_merged(runs, path)


def write_merged(runs: Iterable[Iterable[str]], path: Path) -> int:
    """Write lines as `write_sorted` does; each run of them is sorted already."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for line, _ in groupby(heapq.merge(*runs)):
            out.write(line + "\n")
            count += 1
    return count


def _runs(lines: Iterable[str]) -> Iterator[list[str]]:
    run: set[str] = set()
    size = 0
    for line in lines:
        run.add(line)
        size += len(line)
        if size >= _RUN:
            yield sorted(run)
            run.clear()
            size = 0
    yield sorted(run)
