"""Reads and appends the events of identifiers (design: identifiers, section 2).

The ledger is `data/ledger.csv`, one line per event, append-only. `check` holds the first 16 hex
digits of SHA-256 over the `check` of the line before and this line, so that an edited line shows.
"""

import csv
import fcntl
import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date as calendar_date
from functools import cached_property
from pathlib import Path

from kmn_ld.errors import LedgerError
from kmn_ld.iris import OPAQUE_TYPES, is_mintable, random_id

COLUMNS = ("seq", "type", "id", "event", "date", "targets", "reason", "by", "check")
EVENTS: Mapping[str, tuple[tuple[str | None, ...], str]] = {
    "minted": ((None,), "reserved"),
    "published": (("reserved",), "active"),
    "deactivated": (("active",), "inactive"),
    "reactivated": (("inactive",), "active"),
    "merged": (("active", "inactive"), "merged"),
    "unmerged": (("merged",), "active"),
    "withdrawn": (("reserved", "active", "inactive"), "withdrawn"),
    "erased": (("reserved", "active", "inactive", "merged", "withdrawn"), "erased"),
}
"""Event → states it may follow (None: no event before) and the state it leads to."""

STATES_WITH_FILE = ("active", "inactive")
"""States in which an id must have its file in `data/`."""

REASONS: Mapping[str, tuple[str, ...]] = {
    "deactivated": ("ceased", "left", "split", "merger"),
    "withdrawn": ("error", "out-of-scope"),
}
"""Event → codes of why it may have happened; the other events tell no reason."""


@dataclass(frozen=True)
class Event:
    """One line of the ledger; `targets` are ids, `date` is ISO 8601, `by` a role."""

    seq: int
    type: str
    id: str
    event: str
    date: str
    targets: tuple[str, ...]
    reason: str
    by: str
    check: str


@dataclass(frozen=True)
class Ledger:
    """All events in order; `states` is id → state after the last event, `types` id → type."""

    events: tuple[Event, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def latest(self) -> Mapping[str, Event]:
        """Id → its last event, which led to its state."""
        return {event.id: event for event in self.events}

    @cached_property
    def survivors(self) -> Mapping[str, str]:
        """Merged id → id that stands for it now, chains followed to their end."""
        following = {
            key: self.latest[key].targets[0]
            for key, state in self.states.items()
            if state == "merged"
        }
        return {key: _follow(key, following) for key in following}


def parse(data: bytes, path: Path) -> Ledger:
    """Return the ledger in these bytes, with every rule of a single version checked.

    Raises LedgerError with the path and the line of the first fault.
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise LedgerError("ledger-unreadable", path=path, reason=str(error)) from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise LedgerError("ledger-header", path=path, line=1, columns=",".join(COLUMNS))
    if not data.endswith(b"\n"):
        raise LedgerError("ledger-last-line", path=path, line=len(rows))
    events: list[Event] = []
    states: dict[str, str] = {}
    types: dict[str, str] = {}
    for line, row in enumerate(rows[1:], start=2):
        before = events[-1] if events else None
        event = _event(row, before.check if before else "", line, path)
        _check_fields(event, before, types, path)
        _apply(event, states, line, path)
        _check_targets(event, states, types, path)
        _check_reason(event, path)
        types.setdefault(event.id, event.type)
        events.append(event)
    ledger = Ledger(tuple(events), states, types)
    _check_survivors(ledger, path)
    return ledger


def append(path: Path, entries: Iterable[Sequence[str]]) -> list[Event]:
    """Write events at the end of the ledger and return them.

    An entry is (type, id, event, date, targets joined by `|`, reason, by). The whole file is
    replaced at once, so a crash leaves the old or the new ledger, never half a line.
    """
    with _locked(path.parent):
        return _append(path, entries)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time read and write the ledger in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _append(path: Path, entries: Iterable[Sequence[str]]) -> list[Event]:
    data = path.read_bytes() if path.exists() else (",".join(COLUMNS) + "\n").encode()
    before = parse(data, path)
    check = before.events[-1].check if before.events else ""
    lines = []
    for number, entry in enumerate(entries, start=len(before.events) + 1):
        fields = [str(number), *entry]
        check = _checksum(check, fields)
        lines.append(_line([*fields, check]))
    new_data = data + "".join(f"{line}\n" for line in lines).encode()
    after = parse(new_data, path)
    temporary = path.with_suffix(".csv.new")
    with temporary.open("wb") as out:
        out.write(new_data)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)
    return list(after.events[len(before.events) :])


def mint(path: Path, kind: str, count: int, *, date: str, by: str = "editor") -> list[str]:
    """Reserve new ids for organisations or services and return them."""
    with _locked(path.parent):
        issued = set(parse(path.read_bytes(), path).states) if path.exists() else set()
        drawn: list[str] = []
        while len(drawn) < count:
            candidate = random_id()
            if candidate not in issued:
                issued.add(candidate)
                drawn.append(candidate)
        _append(path, [(kind, key, "minted", date, "", "", by) for key in drawn])
    return drawn


def publish(path: Path, ids: Sequence[str], *, date: str, by: str = "editor") -> None:
    """Make reserved ids active: from the next build on their files are loaded."""
    with _locked(path.parent):
        types = parse(path.read_bytes(), path).types
        _append(path, [(types.get(key, "org"), key, "published", date, "", "", by) for key in ids])


def check_prefix(old: bytes, new: bytes, path: Path, version: str) -> None:
    """Raise LedgerError unless an older version of the file is a prefix of the present one."""
    if new.startswith(old):
        return
    same = sum(1 for a, b in zip(old.splitlines(), new.splitlines(), strict=False) if a == b)
    raise LedgerError("ledger-rewritten", path=path, line=same + 1, version=version)


def _event(row: list[str], check: str, line: int, path: Path) -> Event:
    if len(row) != len(COLUMNS):
        raise LedgerError("ledger-columns", path=path, line=line, count=len(row))
    if _checksum(check, row[:-1]) != row[-1]:
        raise LedgerError("ledger-check", path=path, line=line, id=row[2])
    if row[0] != str(line - 1):
        raise LedgerError("ledger-sequence", path=path, line=line, expected=line - 1)
    seq, kind, key, event, date, targets, reason, by, own = row
    ids = tuple(target for target in targets.split("|") if target)
    return Event(int(seq), kind, key, event, date, ids, reason, by, own)


def _apply(event: Event, states: dict[str, str], line: int, path: Path) -> None:
    if event.type not in OPAQUE_TYPES or event.event not in EVENTS:
        raise LedgerError("ledger-word", path=path, line=line, type=event.type, event=event.event)
    if event.event == "minted" and not is_mintable(event.id):
        raise LedgerError("ledger-id", path=path, line=line, id=event.id)
    before, after = EVENTS[event.event]
    state = states.get(event.id)
    if state is None and None not in before:
        raise LedgerError("ledger-never-minted", path=path, line=line, id=event.id)
    if state not in before:
        details = {"id": event.id, "event": event.event, "state": state or "-"}
        wanted = " / ".join(name or "-" for name in before)
        raise LedgerError("ledger-order", path=path, line=line, wanted=wanted, **details)
    states[event.id] = after


def _check_fields(event: Event, before: Event | None, types: Mapping[str, str], path: Path) -> None:
    """An id keeps its type, and dates are dates that never go back."""
    line = event.seq + 1
    if types.get(event.id, event.type) != event.type:
        raise LedgerError("ledger-type", path=path, line=line, id=event.id)
    try:
        calendar_date.fromisoformat(event.date)
    except ValueError as error:
        raise LedgerError("ledger-date", path=path, line=line, date=event.date) from error
    if before is not None and event.date < before.date:
        raise LedgerError("ledger-date", path=path, line=line, date=event.date)


def _check_targets(
    event: Event, states: Mapping[str, str], types: Mapping[str, str], path: Path
) -> None:
    """At its time a target is another living id of the same type; a merger has exactly one.

    So there are no cycles (rule d): what is merged cannot be a target.
    """
    wanted = len(event.targets) if event.event == "deactivated" else int(event.event == "merged")
    sound = [
        target
        for target in event.targets
        if target != event.id
        and states.get(target) in STATES_WITH_FILE
        and types[target] == event.type
    ]
    if len(sound) != wanted or len(event.targets) != wanted:
        targets = ", ".join(event.targets) or "-"
        raise LedgerError(
            "ledger-target", path=path, line=event.seq + 1, id=event.id, targets=targets
        )


def _check_reason(event: Event, path: Path) -> None:
    """A reason is one of the codes of its event: free text might name somebody."""
    codes = REASONS.get(event.event, ())
    if event.reason and event.reason not in codes:
        details = {"id": event.id, "reason": event.reason, "codes": ", ".join(codes) or "-"}
        raise LedgerError("ledger-reason", path=path, line=event.seq + 1, **details)


def _check_survivors(ledger: Ledger, path: Path) -> None:
    """Who was merged never ends at a withdrawn id (rule d); the law may erase any."""
    for key, survivor in ledger.survivors.items():
        if ledger.states[survivor] == "withdrawn":
            line = ledger.latest[survivor].seq + 1
            raise LedgerError("ledger-survivor", path=path, line=line, id=survivor, merged=key)


def _follow(key: str, following: Mapping[str, str]) -> str:
    while key in following:
        key = following[key]
    return key


def _checksum(before: str, fields: Sequence[str]) -> str:
    text = f"{before}\n{_line(fields)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _line(fields: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(fields)
    return out.getvalue()
