"""From sources to a checked store: what `build` and `check` have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kmn_ld import queries, releases, sources
from kmn_ld.build.content import read_lines, write_content
from kmn_ld.build.examples import describe_examples
from kmn_ld.build.progress import Steps
from kmn_ld.config import Settings
from kmn_ld.describe.stubs import all_stubs
from kmn_ld.engine import TrustedStore, load_store
from kmn_ld.engine.serialising import serialise
from kmn_ld.errors import LedgerError, SourceError, ValidationFailed
from kmn_ld.iris import ResourceName
from kmn_ld.ledger import Ledger
from kmn_ld.releases import Release
from kmn_ld.validation import query_files, records
from kmn_ld.validation.echoes import without_echoes, without_repetitions
from kmn_ld.validation.findings import Finding, from_error, ordered, unchecked, violations
from kmn_ld.validation.ledger_rules import read_ledger
from kmn_ld.validation.locating import locate_findings
from kmn_ld.validation.missing import find_missing
from kmn_ld.validation.reading import Reading, read, read_alone
from kmn_ld.validation.shapes import Shapes
from kmn_ld.validation.states import GONE, check_gone, check_states, names_in
from kmn_ld.vocab import GRAPH

MAX_FOR_PYSHACL = 10_000
"""Number of organisations up to which pySHACL validates (decision D12)."""


@dataclass
class Prepared:
    """Checked sources: findings in order, and the files and counts of a release to be.

    Where files are missing or could not be read, `store` is None and no file is written. `examples`
    are the worked examples, which are no part of the release.
    """

    findings: list[Finding]
    reading: Reading
    examples: Sequence[Reading] = ()
    store: TrustedStore | None = None
    graphs: dict[str, int] | None = None
    quads: int = 0


def prepare(settings: Settings, folder: Path, before: Release | None, steps: Steps) -> Prepared:
    """Read, check and load the sources into `folder`; `before` is the newest release of sources.

    Raises SourceError where there is nothing to read at all.
    """
    ledger, findings = _ledger(settings, before, steps)
    reading, examples = _read(settings, ledger, steps)
    findings += _check_records(reading, ledger, settings, before, steps)
    for one in (reading, *examples):
        findings += one.findings
    findings += records.check_examples(examples, reading, ledger)
    findings += query_files.check_files(settings.sources)
    findings += _unchecked(reading, ledger)
    prepared = Prepared(findings, reading, examples)
    if not _lacks_files(reading):  # shapes would miss what stands in them
        described = describe_examples(settings.sources)
        if described:
            reading.graphs[GRAPH + sources.LIBRARY] = described
        _add_stubs(reading, ledger)
        _load(prepared, folder, steps)
        found = _check_store(prepared, settings, folder, before, steps)
        findings += without_repetitions(without_echoes(found, findings, reading))
    prepared.findings = ordered(locate_findings(findings, reading, settings.sources))
    if not violations(findings):
        _derive(prepared, settings, folder, steps)
    return prepared


def _ledger(
    settings: Settings, before: Release | None, steps: Steps
) -> tuple[Ledger | None, list[Finding]]:
    """Return the ledger, or None and what is wrong with it."""
    old = before.path(releases.LEDGER) if before else None
    with steps.step("ledger"):
        try:
            path = settings.sources / sources.LEDGER
            return read_ledger(path, old.read_bytes() if old and old.exists() else None), []
        except LedgerError as error:
            return None, [from_error(error, settings.sources)]


def _read(settings: Settings, ledger: Ledger | None, steps: Steps) -> tuple[Reading, list[Reading]]:
    """Read the files of the release, and each worked example for itself."""
    files = list(sources.find(settings.sources))
    with steps.step("read", len(files)):
        reading = read(
            files,
            settings.sources,
            lambda file: records.is_draft(file, ledger or Ledger()),
            steps.progress.advance,
        )
        found = sources.find_examples(settings.sources)
        examples = [read_alone(file, settings.sources) for file in found]
    for folder in ("ontology/", "shapes/", "data/"):
        if not any(file.name.startswith(folder) for file in files):
            raise SourceError("sources-empty", path=settings.sources / folder)
    return reading, examples


def _check_records(
    reading: Reading,
    ledger: Ledger | None,
    settings: Settings,
    before: Release | None,
    steps: Steps,
) -> list[Finding]:
    with steps.step("records"):
        old = before.path(releases.THINGS) if before else None
        things = old.read_text("utf-8").splitlines() if old and old.exists() else []
        found = find_missing(reading, ledger, things, settings.sources)
        found += records.check_files(reading, ledger)
        found += check_states(reading, ledger)
        names = _names_of_gone(ledger, before)
        found += check_gone(reading, ledger, names, settings.sources)
        lost = list(records.check_lost(reading, things, ledger))
        gone = {one.focus for one in lost}
        links = (one for one in records.check_records(reading, ledger) if one.value not in gone)
        return [*found, *lost, *links]


def _add_stubs(reading: Reading, ledger: Ledger | None) -> None:
    """Say what is still said about ids whose record is gone."""
    statements = list(all_stubs(ledger or Ledger()))
    if statements:
        lines = serialise(statements, "nt").decode("utf-8").rstrip("\n").split("\n")
        reading.graphs.setdefault(GRAPH + sources.HISTORY, []).extend(lines)


def _names_of_gone(ledger: Ledger | None, before: Release | None) -> dict[str, set[str]]:
    """Return id → names that the release before still had of what is withdrawn or erased now."""
    if ledger is None or before is None or not before.path(releases.THINGS).exists():
        return {}
    gone = {
        ResourceName(ledger.types[key], key).iri: key
        for key, state in ledger.states.items()
        if state in GONE
    }
    known = set(before.path(releases.THINGS).read_text("utf-8").splitlines())
    things = {iri: key for iri, key in gone.items() if iri in known}
    return names_in(read_lines(before.path(releases.CONTENT)), things) if things else {}


def _unchecked(reading: Reading, ledger: Ledger | None) -> list[Finding]:
    """Return notes on what cannot be checked because of faults: nobody shall take it for sound."""
    notes = [] if ledger else [unchecked("unchecked-ids")]
    return notes + (
        [unchecked("unchecked-links"), unchecked("unchecked-shapes")]
        if _lacks_files(reading)
        else []
    )


def _lacks_files(reading: Reading) -> bool:
    return bool(reading.unread or reading.missing)


def _load(prepared: Prepared, folder: Path, steps: Steps) -> None:
    with steps.step("write"):
        prepared.graphs, prepared.quads = write_content(prepared.reading.graphs, folder)
    files = [(folder / releases.CONTENT, "nq"), (folder / releases.DEFAULT, "nt")]
    with steps.step("load", prepared.quads):
        store = load_store(files, folder / releases.STORE, steps.progress.advance)
    prepared.store = TrustedStore(store)


def _derive(prepared: Prepared, settings: Settings, folder: Path, steps: Steps) -> None:
    """Add the graph of what follows from the others (decision record 6)."""
    store, reading = prepared.store, prepared.reading
    if store is None:
        return
    with steps.step("derive"):
        rules = [queries.read(path).text for path in queries.find(settings.sources / sources.RULES)]
        reading.graphs[GRAPH + sources.DERIVED] = store.derive(rules, GRAPH + sources.DERIVED)
        prepared.graphs, prepared.quads = write_content(reading.graphs, folder)


def _check_store(
    prepared: Prepared, settings: Settings, folder: Path, before: Release | None, steps: Steps
) -> list[Finding]:
    store = prepared.store
    if store is None:
        return []
    faulty = {finding.path for finding in prepared.findings}
    with steps.step("shacl"):
        try:
            found = _check_shapes(prepared, store, settings, folder, before)
        except ValidationFailed as error:
            found = [from_error(error, settings.sources), unchecked("unchecked-shapes")]
    with steps.step("checks"):
        return found + list(query_files.check_rows(settings.sources, store.rows, faulty))


def _check_shapes(
    prepared: Prepared,
    store: TrustedStore,
    settings: Settings,
    folder: Path,
    before: Release | None,
) -> list[Finding]:
    shapes = Shapes(prepared.reading)
    if _organisations(prepared.reading) > MAX_FOR_PYSHACL:
        old = before.path(releases.CONTENT) if before else None
        found = shapes.check_large(store, folder / releases.CONTENT, old)
    else:
        found = shapes.check(store)
    return found + list(shapes.check_examples(store, prepared.examples, settings.sources))


def _organisations(reading: Reading) -> int:
    return sum(1 for file in reading.files if file.name.startswith("data/organisations/"))
