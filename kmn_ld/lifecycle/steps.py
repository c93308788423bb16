"""One event of an id: whether it may happen, what it changes in the sources, and doing that.

`plan` looks and refuses, `carry_out` writes (identifiers, section 2: states, rules R1-R5, a-f).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as calendar_date
from pathlib import Path

from kmn_ld import iris, ledger, sources, turtle
from kmn_ld.errors import LedgerError
from kmn_ld.iris import ResourceName
from kmn_ld.ledger import EVENTS, REASONS, STATES_WITH_FILE, Ledger
from kmn_ld.validation import git
from kmn_ld.vocab import BASE, PREFIXES

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "reserved": ("publish", "withdraw", "erase"),
    "active": ("retire", "merge", "withdraw", "erase"),
    "inactive": ("reactivate", "merge", "withdraw", "erase"),
    "merged": ("unmerge", "erase"),
    "withdrawn": ("erase",),
    "erased": (),
}
"""State → commands that lead out of it."""

_REFUSALS = {
    "reserved": "event-state-reserved",
    "active": "event-state-active",
    "inactive": "event-state-inactive",
    "merged": "event-state-merged",
    "withdrawn": "event-state-withdrawn",
    "erased": "event-state-erased",
}
"""State → error of an event that it does not allow."""

EDITED, REMOVED, ERASED = "edited", "removed", "erased"
TO_REMOVE, TO_RESTORE, STAYS = "to-remove", "restore", "stays"
"""What happens to the file of the id; the editor does what begins with "to"."""

_NAMES = (PREFIXES["skos"] + "prefLabel", PREFIXES["dcterms"] + "title")
_STATES = f"{BASE}id/concept/status/"
_STATUS = PREFIXES["kmn"] + "status"
_END = PREFIXES["schema"] + "dissolutionDate"
_SUCCESSOR = PREFIXES["dcterms"] + "isReplacedBy"
_END_TYPES = {4: ("gYear", "-01-01"), 7: ("gYearMonth", "-01"), 10: ("date", "")}
"""Length of a date as a source states it → its datatype, and what makes a day of it."""


@dataclass(frozen=True)
class Wish:
    """What an editor asks for; ids as typed. `end` is a day, a month or a year (ISO 8601)."""

    event: str
    id: str
    targets: Sequence[str] = ()
    reason: str = ""
    end: str = ""


@dataclass(frozen=True)
class Plan:
    """What an event will do.

    `state` is the state before; `names` is id → name of the id and of its targets, where there is
    a file; `file` is the file of the id, and `fate` one of the words above, with the new `text` of
    a file that is edited; `mentions` are places (`data/x.ttl:12`) that name the id elsewhere;
    `command` restores the file of a merged id.
    """

    event: str
    type: str
    id: str
    state: str
    targets: tuple[str, ...]
    reason: str
    names: Mapping[str, str] = field(hash=False)
    file: Path
    fate: str
    text: str = ""
    mentions: tuple[str, ...] = ()
    command: str = ""

    @property
    def iri(self) -> str:
        """The IRI of the thing."""
        return ResourceName(self.type, self.id).iri


def plan(folder: Path, wish: Wish) -> Plan:
    """Return what an event would do to the sources in a folder.

    Raises LedgerError, with a text of its own for each reason why it may not happen.
    """
    known = read(folder)
    key = known_id(wish.id, known)
    _demand_state(wish.event, key, known)
    targets = tuple(known_id(target, known) for target in wish.targets)
    for target in targets:
        _demand_target(wish.event, key, target, known)
    _demand_nothing_merged(wish.event, key, known)
    kind = known.types[key]
    file = folder / file_name(kind, key)
    fate, text = _fate(wish, kind, key, targets, folder)
    named = {one: name_of(folder / file_name(kind, one), kind, one) for one in (key, *targets)}
    return Plan(
        event=wish.event,
        type=kind,
        id=key,
        state=known.states[key],
        targets=targets,
        reason=_reason(wish),
        names=named,
        file=file,
        fate=fate,
        text=text,
        mentions=tuple(mentions(folder, kind, key)),
        command=_restoring(folder, file) if wish.event == "unmerged" else "",
    )


def carry_out(folder: Path, planned: Plan, *, date: str, by: str = "editor") -> None:
    """Write the event into the ledger, then do what is planned for the file."""
    targets = "|".join(planned.targets)
    entry = (planned.type, planned.id, planned.event, date, targets, planned.reason, by)
    ledger.append(folder / sources.LEDGER, [entry])
    if planned.fate == EDITED:
        planned.file.write_text(planned.text, encoding="utf-8")
    elif planned.fate in (REMOVED, ERASED):
        planned.file.unlink()


def read(folder: Path) -> Ledger:
    """Return the ledger of the sources in a folder; an empty one where there is none."""
    path = folder / sources.LEDGER
    return ledger.parse(path.read_bytes(), path) if path.exists() else Ledger()


def known_id(text: str, known: Ledger) -> str:
    """Return the id that was typed; raises LedgerError where no such id was ever minted."""
    key = iris.canonical_id(text)
    if not iris.has_opaque_form(key):
        raise LedgerError("event-no-id", id=text)
    if not iris.is_well_formed(key):
        raise LedgerError("event-check-digits", id=key)
    if key not in known.states:
        raise LedgerError("event-not-minted", id=key)
    return key


def file_name(kind: str, key: str) -> str:
    """Return the name of the file of an id below the sources."""
    return str(sources.file_of(ResourceName(kind, key).iri))


def name_of(file: Path, kind: str, key: str) -> str:
    """Return the first name that a file gives to its thing, empty where there is none."""
    if not file.is_file():
        return ""
    found = turtle.values(turtle.read_text(file), file, ResourceName(kind, key).iri, _NAMES)
    return found[0] if found else ""


def mentions(folder: Path, kind: str, key: str) -> Iterator[str]:
    """Yield the places outside its own file where sources name an id: `data/x.ttl:12`."""
    wanted = f"/id/{kind}/{key}"
    own = folder / file_name(kind, key)
    for path in source_texts(folder):
        if path == own:
            continue
        for number, line in enumerate(turtle.read_text(path).split("\n"), start=1):
            if wanted in line:
                yield f"{path.relative_to(folder).as_posix()}:{number}"


def source_texts(folder: Path) -> Iterator[Path]:
    """Yield the files of the sources that may name things."""
    yield from sources.turtle_files(folder)
    yield from sorted((folder / sources.QUERIES).rglob("*.rq"))


def _demand_state(event: str, key: str, known: Ledger) -> None:
    state = known.states[key]
    if state in EVENTS[event][0]:
        return
    survivor = known.survivors.get(key, "")
    ways = ", ".join(f"kmn-ld {command}" for command in COMMANDS[state]) or "–"
    raise LedgerError(_REFUSALS[state], id=key, survivor=survivor, ways=ways)


def _demand_target(event: str, key: str, target: str, known: Ledger) -> None:
    state = known.states[target]
    if target == key:
        raise LedgerError("event-self", id=key)
    if known.types[target] != known.types[key]:
        raise LedgerError("event-other-type", id=key, target=target)
    if state == "merged":
        raise LedgerError("event-target-merged", target=target, survivor=known.survivors[target])
    if state not in STATES_WITH_FILE:
        raise LedgerError("event-target-ended", target=target)
    order = list(known.states)  # by the time of minting
    if event == "merged" and order.index(target) > order.index(key):
        raise LedgerError("event-younger", id=key, target=target)  # R4


def _demand_nothing_merged(event: str, key: str, known: Ledger) -> None:
    """What others were merged into cannot be withdrawn: they would lead nowhere (rule d)."""
    merged = sorted(one for one, survivor in known.survivors.items() if survivor == key)
    if event == "withdrawn" and merged:
        raise LedgerError("event-has-merged", id=key, merged=", ".join(merged))


def _reason(wish: Wish) -> str:
    codes = REASONS.get(wish.event, ())
    if codes and wish.reason not in codes:
        raise LedgerError("event-reason", reason=wish.reason or "–", codes=", ".join(codes))
    return wish.reason if codes else ""


def _fate(wish: Wish, kind: str, key: str, targets: Sequence[str], folder: Path) -> tuple[str, str]:
    """Return what happens to the file of the id, and its new text where it is edited."""
    file = folder / file_name(kind, key)
    if wish.event == "unmerged":
        return (STAYS if file.is_file() else TO_RESTORE), ""
    if not file.is_file():
        return STAYS, ""
    if wish.event == "erased":
        return ERASED, ""
    if wish.event in ("merged", "withdrawn"):
        return (REMOVED if _is_in_git(folder, file) else TO_REMOVE), ""
    return EDITED, _edited(file, ResourceName(kind, key).iri, wish, targets)


def _edited(file: Path, iri: str, wish: Wish, targets: Iterable[str]) -> str:
    """Return the text of a file that says what the ledger will say."""
    ends = wish.event == "deactivated"
    start = iri.rpartition("/")[0]
    successors = [(f"{start}/{target}", "") for target in targets]
    wanted = {_STATUS: [(f"{_STATES}{'inactive' if ends else 'active'}", "")]}
    if wish.end or not ends:
        wanted[_END] = [(wish.end, _end_type(wish.end))] if ends else []
    if successors or not ends:
        wanted[_SUCCESSOR] = successors
    return turtle.with_values(turtle.read_text(file), file, iri, wanted)


def _end_type(end: str) -> str:
    """Return the datatype of a day, a month or a year; raises LedgerError for another text."""
    try:
        datatype, rest = _END_TYPES[len(end)]
        calendar_date.fromisoformat(end + rest)
        return PREFIXES["xsd"] + datatype
    except (ValueError, KeyError) as error:
        raise LedgerError("event-end", end=end) from error


def _is_in_git(folder: Path, file: Path) -> bool:
    """Return whether the last commit holds the file as it is: then nothing is lost with it."""
    name = file.relative_to(folder).as_posix()
    committed = git.ask(folder, "show", f"HEAD:./{name}")
    return bool(committed) and committed == file.read_bytes()


def _restoring(folder: Path, file: Path) -> str:
    """Return the command that brings a file back, empty where git does not know it."""
    name = file.relative_to(folder).as_posix()
    return git.deleted_files(folder).get(name) or git.command_for_removed(folder, name)
