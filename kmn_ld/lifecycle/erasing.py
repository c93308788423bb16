"""Erases a thing with an id, or a name, from sources and releases, and proves that it is gone.

Erasure is the one act that rewrites releases (identifiers, section 2). What a kill leaves undone,
the same command does when it is called again.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from re import Pattern

from kmn_ld import releases, sources, turtle
from kmn_ld.build.content import read_lines
from kmn_ld.config import Settings
from kmn_ld.describe.stubs import stub
from kmn_ld.engine.loading import stored_lines
from kmn_ld.engine.serialising import serialise
from kmn_ld.errors import BuildError
from kmn_ld.iris import ResourceName
from kmn_ld.ledger import Ledger
from kmn_ld.lifecycle import names
from kmn_ld.lifecycle.rewriting import (
    WORKSPACE,
    Rewritten,
    Target,
    count_doomed,
    described,
    is_affected,
    rewrite,
)
from kmn_ld.lifecycle.steps import Plan, Wish, carry_out, file_name, known_id, plan, read
from kmn_ld.releases import Release
from kmn_ld.validation.states import NAMING, names_in

_FOLDERS = ("data", "ontology", "shapes", "queries")
_MOST_PLACES = 10


@dataclass(frozen=True)
class Erasure:
    """What will be erased.

    `event` is the event of the id, None where the ledger has it already or only names go; `id` is
    empty in that case. `names` are looked for everywhere, `short` are too short for that.
    `affected` is release id → number of statements that go, `untouched` are the other releases;
    `others` are IRIs of other things whose own names hold one of the names; `places` are those of
    the sources that still hold one (`data/x.ttl:12`), and have to be cleaned first.
    """

    id: str
    event: Plan | None
    names: tuple[str, ...]
    short: tuple[str, ...]
    target: Target
    affected: Mapping[str, int] = field(hash=False)
    untouched: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def plan_erasure(
    settings: Settings, typed: str, *, named: Sequence[str] = (), kept: Sequence[str] = ()
) -> Erasure:
    """Return what an erasure would change; `typed` is an id or empty, `kept` are names that stay.

    Raises LedgerError for an id that was never minted, BuildError where there is nothing to do.
    """
    folder = settings.sources
    known = read(folder)
    key = known_id(typed, known) if typed else ""
    event = plan(folder, Wish("erased", key)) if key and known.states[key] != "erased" else None
    there = list(_releases(settings.releases))
    left = list(_left_over(settings.releases))
    found = {*named, *_names(key, known, folder, [*there, *left])} - set(kept)
    wanted = tuple(names.searchable(found))
    if not wanted and event is None and not left:
        raise BuildError("erase-nothing", shortest=names.SHORTEST)
    pattern = names.pattern_of(wanted)
    target = _target(key, known, pattern)
    affected = {one.id: count_doomed(one, target) for one in there if is_affected(one, target)}
    return Erasure(
        id=key,
        event=event,
        names=wanted,
        short=tuple(sorted(name for name in found if len(name) < names.SHORTEST)),
        target=target,
        affected=affected,
        untouched=tuple(one.id for one in there if one.id not in affected),
        others=tuple(sorted(_others(there, target))),
        places=tuple(_places(folder, event, pattern)),
    )


def erase(
    settings: Settings, erasure: Erasure, done: Callable[[Rewritten], None] = lambda one: None
) -> Path:
    """Erase what was planned and return the report, a JSON file among the releases.

    Ledger and file come first, then one release after the other, each swapped at once; `done` is
    called after each. Raises BuildError where a name is still in the sources, in a file that
    nobody writes anew, or at the end anywhere below the releases.
    """
    if erasure.places:
        raise BuildError("erase-in-sources", places=", ".join(erasure.places[:_MOST_PLACES]))
    folder, now = settings.releases, datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    with releases.exclusive(folder):
        for leftover in releases.leftovers(folder):
            releases.remove(leftover)
        if erasure.event is not None:
            carry_out(settings.sources, erasure.event, date=now.date().isoformat())
        target = _target(erasure.id, read(settings.sources), erasure.target.pattern)
        ledger = settings.sources / sources.LEDGER
        if erasure.id:
            target = replace(target, ledger=ledger.read_bytes())
        rewritten = []
        for key in erasure.affected:
            one = releases.find(folder, key)
            rewritten.append(rewrite(folder, one, target, now.date().isoformat()))
            releases.mark_rewriting(folder)
            done(rewritten[-1])
        releases.mark_rewriting(folder)  # also where a kill came before the mark
        report = _report(folder, erasure, rewritten, now)
        _prove(folder, target.pattern)
    return report


def _releases(folder: Path) -> Iterator[Release]:
    yield from (releases.find(folder, key) for key in releases.all_ids(folder))


def _left_over(folder: Path) -> Iterator[Release]:
    """Yield the old release that a kill between swap and removal has left: it knows the names."""
    with suppress(BuildError):
        yield releases.read(folder / WORKSPACE)


def _target(key: str, known: Ledger, pattern: Pattern[str] | None) -> Target:
    """Return what is to go, as far as the ledger knows the id now."""
    if not key:
        return Target(pattern=pattern)
    said = list(stub(key, known)) if known.states[key] == "erased" else []
    lines = serialise(said, "nq").decode("utf-8").rstrip("\n").split("\n") if said else []
    return Target(ResourceName(known.types[key], key).iri, pattern, tuple(lines))


def _names(key: str, known: Ledger, folder: Path, there: Sequence[Release]) -> set[str]:
    """Return every name that the thing has in its file or had in a release."""
    if not key:
        return set()
    kind = known.types[key]
    iri, file = ResourceName(kind, key).iri, folder / file_name(kind, key)
    found = set()
    if file.is_file():
        found |= set(turtle.values(turtle.read_text(file), file, iri, NAMING))
    for one in there:
        found |= names_in(read_lines(one.path(releases.CONTENT)), {iri: key}).get(key, set())
    return found


def _others(there: Sequence[Release], target: Target) -> set[str]:
    """Return the IRIs of other things that have a name with one of the names in it."""
    if target.pattern is None:
        return set()
    naming = {f"<{iri}>" for iri in NAMING}
    found = set()
    for line in (line for one in there for line in read_lines(one.path(releases.CONTENT))):
        if target.pattern.search(line):
            subject, predicate, _ = line.split(" ", 2)
            if predicate in naming and not target.is_thing(subject):
                found.add(subject[1:-1])
    return found


def _places(folder: Path, event: Plan | None, pattern: Pattern[str] | None) -> Iterator[str]:
    """Yield where the sources, but for the file that goes, hold a name."""
    own = event.file if event else None
    for path in (path for name in _FOLDERS for path in sorted((folder / name).rglob("*"))):
        if pattern is None or path == own or not path.is_file():
            continue
        for number, line in enumerate("".join(names.texts_of(path)).split("\n"), start=1):
            if pattern.search(line):
                yield f"{path.relative_to(folder).as_posix()}:{number}"


def _report(folder: Path, erasure: Erasure, rewritten: Sequence[Rewritten], now: datetime) -> Path:
    """Write what was rewritten, without any name, beside the releases."""
    path = folder / f"erasure-{now:%Y%m%dT%H%M%SZ}.json"
    told = {
        "erased": now.isoformat(timespec="seconds"),
        "id": erasure.id or None,
        "names": len(erasure.names),
        "rewritten": described(rewritten),
        "untouched": list(erasure.untouched),
    }
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    releases.sync(path)
    return path


def _prove(folder: Path, pattern: Pattern[str] | None) -> None:
    """Raise BuildError where a name is found: in any byte below, unpacked, or in a store."""
    if pattern is None:
        return
    left = names.files_with(folder, pattern)
    for one in _releases(folder):
        store = one.path(releases.STORE)
        if any(map(pattern.search, stored_lines(store))):
            left.append(store)
    if left:
        raise BuildError("erase-still-there", path=left[0])
