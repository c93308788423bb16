"""What is measured; each function returns rows of (what, figure, unit or reference, goal)."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kmn_ld import releases
from kmn_ld.vocab import BASE
from tests.bench import load, networks, processes

REPOSITORY = Path(__file__).parents[2]
ROUNDS = 3
MIX = Path(__file__).parent / "mix"
JSON = "application/sparql-results+json, application/n-triples;q=0.9"


@dataclass(frozen=True)
class Row:
    """One figure; `goal` is what the project holds itself to, empty where there is none."""

    what: str
    figure: str
    goal: str = ""


def build_shipped(folder: Path) -> list[Row]:
    """Compare a build of the shipped sources with its bare steps, process against process."""
    target = folder / "releases"
    command = [*kmn("build", "--force", "--sources", REPOSITORY, "--releases", target)]
    seconds_of(command)
    bare = [sys.executable, "-m", "tests.bench.bare", str((target / "current").resolve())]
    ratios, whole = [], []
    for number in range(ROUNDS):
        time.sleep(1)  # a release is named by the second
        ours = seconds_of(command)
        theirs = seconds_of([*bare, str(folder / f"bare{number}")])
        whole.append(ours)
        ratios.append(ours / theirs)
    quads = releases.current(target).manifest.quads
    return [
        Row(f"build of the shipped sources ({quads} quads)", f"{median(whole):.2f} s"),
        Row("… against its bare steps (bulk load + pySHACL)", times(ratios), "≤ 2.5 ×"),
    ]


def build_large(folder: Path, triples: int) -> list[Row]:
    """Build sources of many organisations; the peak is that of the whole process."""
    networks.write_sources(REPOSITORY, folder / "large", triples)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = seconds_of(
        kmn("build", "--sources", folder / "large", "--releases", folder / "large-releases")
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    shutil.rmtree(folder / "large")
    shutil.rmtree(folder / "large-releases")
    figure = f"{seconds:.0f} s ({used:.0f} s of processor time)"
    rows = [Row(f"build of {triples:,} made-up triples", figure)]
    if after.ru_maxrss > before.ru_maxrss:
        rows.append(Row("… peak memory", f"{after.ru_maxrss / 1024:.0f} MiB", "< 1,500 MiB"))
    return rows


def documents(folder: Path) -> list[Row]:
    """Compare `/doc/….ttl` with the native server's DESCRIBE of the same things."""
    target = folder / "doc-releases"
    subprocess.run(
        kmn("build", "--sources", REPOSITORY, "--releases", target),
        check=True,
        capture_output=True,
    )
    release = releases.current(target)
    things = _things(release)
    describe = [f"/query?query={urllib.parse.quote(f'DESCRIBE <{iri}>')}" for iri in things]
    docs = [f"/doc/{iri.removeprefix(BASE + 'id/')}.ttl" for iri in things]
    rows = []
    for cached, megabytes in (("as served", "64"), ("without cache", "0")):
        os.environ["KMN_LD_CACHE_MB"] = megabytes
        with (
            processes.native(release.path("store"), folder) as native,
            processes.ours(target) as (url, _),
        ):
            runs = alternate(
                {
                    "native": lambda: load.drive(native, describe, folder, accept="text/turtle"),
                    "ours": lambda: load.drive(url, docs, folder, accept="text/turtle"),
                }
            )
        goal = "≥ 0.5 ×" if cached == "as served" else ""
        rows += compare(f"/doc/….ttl against DESCRIBE, {cached}", runs, goal)
    del os.environ["KMN_LD_CACHE_MB"]
    return rows


def memory_at_rest(folder: Path) -> list[Row]:
    """Add up the memory of all processes after 1,000 mixed requests on the shipped data."""
    target = folder / "rest-releases"
    subprocess.run(
        kmn("build", "--sources", REPOSITORY, "--releases", target),
        check=True,
        capture_output=True,
    )
    things = _things(releases.current(target))
    queries = [urllib.parse.quote(text.replace("%N%", "1")) for text in mix_texts()]
    with processes.ours(target, workers=2) as (url, pid):
        for number in range(1_000):
            thing = things[number % len(things)].removeprefix(BASE + "id/")
            mixed = (f"/doc/{thing}.ttl", f"/doc/{thing}.html", "/", "/sparql?query={}")
            path = mixed[number % 4].format(queries[number % len(queries)])
            urllib.request.urlopen(url + path, timeout=30).read()
        time.sleep(2)
        sizes = processes.memory_of_tree(pid)
    total = sum(sizes.values()) / 2**20
    return [Row(f"whole service at rest ({len(sizes)} processes)", f"{total:.0f} MiB", "< 250 MiB")]


def _things(release: releases.Release) -> list[str]:
    """Return what has a document; the list of a release names the terms of the ontology too."""
    listed = release.path(releases.THINGS).read_text("utf-8").split()
    return [iri for iri in listed if iri.startswith(BASE + "id/")]


def dataset(folder: Path, triples: int) -> Path:
    file, target = folder / f"network-{triples}.nq", folder / f"releases-{triples}"
    if not target.exists():
        networks.write_dataset(file, triples)
        subprocess.run(
            kmn("build", "--dataset", file, "--releases", target), check=True, capture_output=True
        )
    return target


def mix_texts() -> list[str]:
    """Return the queries of the mix; `%N%` stands for the number of an organisation."""
    return [path.read_text("utf-8") for path in sorted(MIX.glob("*.rq"))]


def kmn(*words: object) -> list[str]:
    return [sys.executable, "-m", "kmn_ld", *map(str, words)]


def seconds_of(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def alternate(runs: dict[str, Callable[[], load.Load]]) -> dict[str, list[load.Load]]:
    """Warm each up once, then take turns, so that both meet the same noise."""
    for run in runs.values():
        run()
    results: dict[str, list[load.Load]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            results[name].append(run())
    return results


def compare(what: str, runs: dict[str, list[load.Load]], goal: str) -> list[Row]:
    ratios = [
        ours.rate / native.rate for ours, native in zip(runs["ours"], runs["native"], strict=True)
    ]
    rates = {name: median([run.rate for run in results]) for name, results in runs.items()}
    late = {name: median([run.p99 for run in results]) for name, results in runs.items()}
    return [
        Row(what, times(ratios), goal),
        Row(
            "… requests per second, 99th percentile",
            f"{rates['ours']:,.0f}/s {late['ours']:.1f} ms; "
            f"native {rates['native']:,.0f}/s {late['native']:.1f} ms",
        ),
    ]


def median(values: list[float]) -> float:
    return statistics.median(values)


def times(ratios: list[float]) -> str:
    return f"{median(ratios):.2f} × ({min(ratios):.2f}–{max(ratios):.2f})"
