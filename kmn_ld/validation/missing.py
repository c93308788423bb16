"""Finds files that are missing: git, the newest release or the ledger knows of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from kmn_ld import iris, sources
from kmn_ld.ledger import STATES_WITH_FILE, Ledger
from kmn_ld.validation import git
from kmn_ld.validation.findings import Finding, violation
from kmn_ld.validation.nearest import nearest_key
from kmn_ld.validation.reading import Reading
from kmn_ld.vocab import BASE

_ALWAYS_THERE = ("data/districts/", "data/network.ttl")
"""Files that nobody may remove, released or not."""
_MOST_USERS = 5


def find_missing(
    reading: Reading, ledger: Ledger | None, before: Iterable[str], folder: Path
) -> list[Finding]:
    """Return a finding for each missing file, and enter the files as missing into the reading.

    `before` are the things of the newest release. A file whose name is that of a missing one but
    for a slip gets its own finding from `records.check_files`, and the missing one none.
    """
    names = {file.name for file in reading.files}
    wanted = {
        name: iri
        for iri in _wanted(reading, ledger, before)
        if (name := sources.file_of(iri)) and name not in names
    }
    deleted = git.deleted_files(folder)
    fixed = {name: "" for name in deleted if name.startswith(_ALWAYS_THERE)}
    linked = {
        name: iri
        for iri in reading.mentioned_in
        if (name := sources.file_of(iri)) and name not in names and _may_live(iri, ledger)
    }
    commands = {
        name: deleted.get(name) or git.command_for_removed(folder, name)
        for name in {**wanted, **fixed, **linked}
    }
    known = {name: command for name, command in commands.items() if command or name in wanted}
    for name in known:
        reading.missing.append(sources.place(folder / name, name))
    reading.findings = [one for one in reading.findings if not _is_renamed(one, known)]
    misnamed = {nearest_key(file, reading, ledger) for file in reading.files}
    return [
        _finding(name, command, reading)
        for name, command in sorted(known.items())
        if Path(name).stem not in misnamed
    ]


def _wanted(reading: Reading, ledger: Ledger | None, before: Iterable[str]) -> Iterator[str]:
    """Yield IRIs of things that must be there; of ids the ledger decides."""
    for iri in before:
        name = iris.parse_iri(iri)
        if name and name.type not in iris.OPAQUE_TYPES and iri not in reading.described_in:
            yield iri
    for key, state in ledger.states.items() if ledger else ():
        if state in STATES_WITH_FILE and ledger:
            yield f"{BASE}id/{ledger.types[key]}/{key}"


def _may_live(iri: str, ledger: Ledger | None) -> bool:
    name = iris.parse_iri(iri)
    is_id = name is not None and name.type in iris.OPAQUE_TYPES
    return not (is_id and ledger) or (
        name is not None and ledger.states.get(name.key) in STATES_WITH_FILE
    )


def _is_renamed(finding: Finding, missing: Mapping[str, str]) -> bool:
    """Return whether a statement is misplaced only since its file has another name now."""
    return finding.rule == "subject-misplaced" and sources.file_of(finding.focus) in missing


def _finding(name: str, command: str, reading: Reading) -> Finding:
    rule = "file-missing" if command else "file-missing-unknown"
    found = violation(rule, path=name, command=command)
    users = users_of(reading, lambda iri: sources.file_of(iri) == name)
    return found.hinting("used", users=users) if users else found


def users_of(reading: Reading, is_meant: Callable[[str], bool]) -> str:
    """Return the names of the files that name IRIs of ours, the first of them."""
    found = set()
    for line in (line for lines in reading.graphs.values() for line in lines):
        subject, _, value = line.split(" ", 2)
        if value.startswith(f"<{BASE}id/") and is_meant(value[1:-3]):
            file = reading.described_in.get(subject[1:-1])
            found |= {file.name} if file else set()
    users = sorted(found)
    more = f" … (+{len(users) - _MOST_USERS})" if len(users) > _MOST_USERS else ""
    return ", ".join(users[:_MOST_USERS]) + more
