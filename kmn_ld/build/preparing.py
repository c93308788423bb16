"""From sources to a checked store: what `build` and `check` have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kmn_ld import queries, releases, sources
from kmn_ld.build.drafting import rows_with_drafts
from kmn_ld.build.progress import Steps
from kmn_ld.build.sorting import write_sorted
from kmn_ld.config import Settings
from kmn_ld.engine import TrustedStore, load_store
from kmn_ld.engine.parsing import in_graph
from kmn_ld.errors import LedgerError, SourceError
from kmn_ld.ledger import Ledger
from kmn_ld.releases import Release
from kmn_ld.validation import query_files, records, shacl
from kmn_ld.validation.compiled import compile_shapes, validate_store
from kmn_ld.validation.findings import Finding, from_error, ordered, violations
from kmn_ld.validation.ledger_rules import read_ledger
from kmn_ld.validation.locating import locate_findings
from kmn_ld.validation.reading import Reading, read
from kmn_ld.vocab import GRAPH

MAX_FOR_PYSHACL = 10_000
"""Number of organisations up to which pySHACL validates (decision D12)."""

_NO_LEDGER = Ledger()


@dataclass
class Prepared:
    """Checked sources: findings in order, and the files and counts of a release to be.

    Where there are violations before loading, `store` is None and no file is written.
    """

    findings: list[Finding]
    reading: Reading
    store: TrustedStore | None = None
    graphs: dict[str, int] | None = None
    quads: int = 0


def prepare(settings: Settings, folder: Path, before: Release | None, steps: Steps) -> Prepared:
    """Read, check and load the sources into `folder`; `before` is the newest release of sources.

    Raises SourceError where there is nothing to read at all.
    """
    ledger, findings = _ledger(settings, before, steps)
    reading = _read(settings, ledger, steps)
    findings += reading.findings
    findings += _check_records(reading, ledger, before, steps)
    findings += query_files.check_files(settings.sources)
    if violations(findings):
        return Prepared(_placed(findings, reading, settings), reading)
    large = _organisations(reading) > MAX_FOR_PYSHACL
    if not large:
        findings += _shacl(reading, steps)
    if violations(findings):
        return Prepared(_placed(findings, reading, settings), reading)
    prepared = _load(reading, folder, steps)
    findings += _check_store(prepared, reading, settings, steps, large=large)
    prepared.findings = _placed(findings, reading, settings)
    if not violations(findings):
        _derive(prepared, settings, folder, steps)
    return prepared


def _ledger(
    settings: Settings, before: Release | None, steps: Steps
) -> tuple[Ledger, list[Finding]]:
    old = before.path(releases.LEDGER) if before else None
    with steps.step("ledger"):
        try:
            path = settings.sources / sources.LEDGER
            return read_ledger(path, old.read_bytes() if old and old.exists() else None), []
        except LedgerError as error:
            return _NO_LEDGER, [from_error(error, settings.sources)]


def _read(settings: Settings, ledger: Ledger, steps: Steps) -> Reading:
    files = list(sources.find(settings.sources))
    with steps.step("read", len(files)):
        reading = read(
            files,
            settings.sources,
            lambda file: records.is_draft(file, ledger),
            steps.progress.advance,
        )
    for folder in ("ontology/", "shapes/", "data/"):
        if not any(file.name.startswith(folder) for file in files):
            raise SourceError("sources-empty", path=settings.sources / folder)
    return reading


def _check_records(
    reading: Reading, ledger: Ledger, before: Release | None, steps: Steps
) -> list[Finding]:
    with steps.step("records"):
        found = [] if ledger is _NO_LEDGER else list(records.check_files(reading, ledger))
        if not reading.is_complete or ledger is _NO_LEDGER:
            return found  # what links to a file that was not read would only be noise
        found += records.check_records(reading, ledger)
        old = before.path(releases.THINGS) if before else None
        if old and old.exists():
            things = set(records.things(reading))
            found += records.check_lost(things, old.read_text("utf-8").splitlines(), ledger)
        return found


def _shacl(reading: Reading, steps: Steps) -> list[Finding]:
    shapes = GRAPH + "shapes"
    with steps.step("shacl"):
        parts = [lines for graph, lines in reading.graphs.items() if graph != shapes]
        data = shacl.graph_of(chain(*parts, *reading.drafts.values()))
        graph = shacl.graph_of(reading.graphs.get(shapes, []))
        list(compile_shapes(graph, data))  # a shape that only pySHACL knows would fail large data
        return shacl.validate_graph(data, graph)


def _load(reading: Reading, folder: Path, steps: Steps) -> Prepared:
    with steps.step("write"):
        quads = _write(reading.graphs, folder)
    files = [(folder / releases.CONTENT, "nq"), (folder / releases.DEFAULT, "nt")]
    with steps.step("load", quads):
        store = load_store(files, folder / releases.STORE, steps.progress.advance)
    return Prepared([], reading, TrustedStore(store), _counts(reading), quads)


def _derive(prepared: Prepared, settings: Settings, folder: Path, steps: Steps) -> None:
    """Add the graph of what follows from the others (decision record 6)."""
    store, reading = prepared.store, prepared.reading
    if store is None:
        return
    with steps.step("derive"):
        rules = [queries.read(path).text for path in queries.find(settings.sources / sources.RULES)]
        reading.graphs[GRAPH + sources.DERIVED] = store.derive(rules, GRAPH + sources.DERIVED)
        prepared.quads = _write(reading.graphs, folder)
        prepared.graphs = _counts(reading)


def _write(graphs: Mapping[str, list[str]], folder: Path) -> int:
    """Write the named graphs and the default graph; return how many quads they hold."""
    named = (in_graph(line, graph) for graph, lines in graphs.items() for line in lines)
    outside = {GRAPH + name for name in sources.OUTSIDE_DEFAULT_GRAPH}
    plain = chain(*(lines for graph, lines in graphs.items() if graph not in outside))
    written = write_sorted(named, folder / releases.CONTENT)
    return written + write_sorted(plain, folder / releases.DEFAULT)


def _counts(reading: Reading) -> dict[str, int]:
    return {graph: len(set(lines)) for graph, lines in sorted(reading.graphs.items())}


def _check_store(
    prepared: Prepared, reading: Reading, settings: Settings, steps: Steps, *, large: bool
) -> list[Finding]:
    store = prepared.store
    if store is None:
        return []
    with steps.step("checks"):
        found = list(query_files.check_rows(settings.sources, store.rows))
        if large:
            graphs = reading.graphs
            shapes = shacl.graph_of(graphs.get(GRAPH + "shapes", []))
            ontology = shacl.graph_of(graphs.get(GRAPH + "ontology", []))
            with rows_with_drafts(store, reading) as rows:
                found += validate_store(rows, shapes, ontology)
        return found


def _organisations(reading: Reading) -> int:
    return sum(1 for file in reading.files if file.name.startswith("data/organisations/"))


def _placed(findings: Sequence[Finding], reading: Reading, settings: Settings) -> list[Finding]:
    return ordered(locate_findings(findings, reading, settings.sources))
