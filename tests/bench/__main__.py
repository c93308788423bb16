"""Prints how the service compares with the native Oxigraph server, in the same run.

python -m tests.bench [--write FILE] [--only WORD] [--large]
"""

import argparse
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from tests.bench import load, measures, searching, service, validation, workers
from tests.bench.measures import Row

SMALL, MILLION, LARGE = 20_000, 1_000_000, 10_000_000

Measure = tuple[str, Callable[[Path], list[Row]]]


def main() -> None:
    """Run the measures that were asked for and show their rows as they come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="also write the figures to this file")
    parser.add_argument("--only", default="", help="only measures whose name holds this word")
    parser.add_argument("--large", action="store_true", help="also at ten million triples")
    options = parser.parse_args()
    if not load.is_available():
        parser.exit(1, "wrk is not installed (Debian package wrk).\n")
    rows: list[Row] = []
    folder = Path(tempfile.mkdtemp(prefix="kmn-ld-bench-"))
    try:
        for name, measure in _measures(large=options.large):
            if options.only in name:
                print(f"… {name}", flush=True)  # noqa: T201 - this program prints
                found = measure(folder)
                rows += found
                print("\n".join(f"    {_line(row)}" for row in found), flush=True)  # noqa: T201
    finally:
        shutil.rmtree(folder)
    if options.write:
        options.write.write_text(_page(rows), encoding="utf-8")


def _measures(*, large: bool) -> list[Measure]:
    sizes = [SMALL, MILLION, *([LARGE] if large else [])]
    return [
        ("build", measures.build_shipped),
        ("check", validation.check_shipped),
        ("check-change", validation.change_among_many),
        *[(f"build-{size}", lambda f, s=size: measures.build_large(f, s)) for size in sizes[1:]],
        ("workers", workers.overhead),
        ("sparql-20000", lambda f: service.sparql_mix(f, SMALL, "≥ 0.65 ×")),
        *[
            (f"sparql-{size}", lambda f, s=size: service.sparql_mix(f, s, "≥ 0.9 ×"))
            for size in sizes[1:]
        ],
        ("repeated-20000", lambda f: service.repeated_mix(f, SMALL, "≥ 2.5 ×")),
        ("repeated-1000000", lambda f: service.repeated_mix(f, MILLION, "≥ 20 ×")),
        ("point", lambda f: service.point_queries(f, SMALL)),
        ("neighbour", lambda f: service.hostile_neighbour(f, SMALL)),
        ("large-result", service.large_result),
        ("not-modified", lambda f: service.not_modified(f, SMALL)),
        ("rdflib-endpoint", lambda f: service.rdflib_endpoint(f, SMALL)),
        ("documents", measures.documents),
        ("search", searching.search),
        ("memory", measures.memory_at_rest),
    ]


def _line(row: Row) -> str:
    return f"{row.what}: {row.figure}" + (f"   (goal {row.goal})" if row.goal else "")


def _page(rows: list[Row]) -> str:
    """Return the figures as a page; they are those of one machine on one day."""
    tools = ", ".join(
        f"{name} {version(name)}" for name in ("pyoxigraph", "oxigraph", "granian", "flask")
    )
    body = "\n".join(f"| {row.what} | {row.figure} | {row.goal} |" for row in rows)
    return (
        "# Benchmarks\n\n"
        "Written by `make bench WRITE=1`. Ratios are against the native Oxigraph server (PyPI "
        "`oxigraph`) or bare steps in the same run, alternating: median of three rounds, with the "
        "lowest and the highest. Trust the ratios, not the absolute figures.\n\n"
        f"Measured with {tools}, Python {platform.python_version()}, {os.cpu_count()} cores.\n\n"
        f"| what | figure | goal |\n|---|---|---|\n{body}\n"
    )


main()
