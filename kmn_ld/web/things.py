"""Finds the thing that a path behind `/id/` or `/doc/` names, and what its state demands."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from kmn_ld import iris
from kmn_ld.engine.terms import Iri
from kmn_ld.errors import ResourceNotFound
from kmn_ld.iris import ResourceName
from kmn_ld.queries import load_query
from kmn_ld.vocab import BASE
from kmn_ld.web.live import Current

GONE = ("withdrawn", "erased")
"""States in which nothing is left but a tombstone (410)."""


@dataclass(frozen=True)
class Thing:
    """What a path names.

    `path` is the canonical path behind `/id/`. `moved` says that it was written in another way, so
    that the request should be sent there with 301. `state` is set where the record is gone
    ("merged", "withdrawn", "erased"); `survivor` is the path of what a merged thing is now.
    """

    path: str
    moved: bool = False
    state: str = ""
    survivor: str = ""

    @property
    def iri(self) -> str:
        """The canonical IRI of the thing."""
        return f"{BASE}id/{self.path}"

    @property
    def key(self) -> str:
        """The key behind the type."""
        return self.path.partition("/")[2]

    @property
    def is_gone(self) -> bool:
        """Whether the thing answers 410."""
        return self.state in GONE


def find(path: str, current: Current, readings: Sequence[str] = ()) -> Thing:
    """Return the thing that a path names; of a dataset the first of its readings that it has.

    Raises ResourceNotFound, with a text of its own for each state.
    """
    if current.is_dataset:
        return _first_existing([Thing(reading) for reading in readings or (path,)], current)
    name = _canonical(path)
    if name.type in iris.OPAQUE_TYPES:
        return _minted(name, path, current)
    if name.path != path:
        return Thing(name.path, moved=True)
    return _existing(Thing(path), current)


def _canonical(path: str) -> ResourceName:
    """Return the name that was meant: capitals, hyphens, blanks and a last slash set right."""
    kind, _, key = path.strip().partition("/")
    kind = kind.lower()
    if kind in iris.OPAQUE_TYPES:
        key = iris.canonical_id(key)
    path_meant = f"{kind}/{key.strip().strip('/').lower()}".rstrip("/")
    name = iris.parse_path(path_meant)
    if name is None:
        raise ResourceNotFound("thing-unknown", path=path)
    if name.type in iris.OPAQUE_TYPES and not iris.is_well_formed(name.key):
        raise ResourceNotFound("thing-check-digits", id=name.key)
    return name


def _minted(name: ResourceName, path: str, current: Current) -> Thing:
    """Let the ledger decide about an opaque id."""
    if current.ledger is None:
        thing = Thing(name.path, moved=name.path != path)
        return thing if thing.moved else _existing(thing, current)
    state = current.ledger.states.get(name.key)
    if state is None or current.ledger.types.get(name.key) != name.type:
        raise ResourceNotFound("thing-not-minted", id=name.key)
    if state == "reserved":
        raise ResourceNotFound("thing-reserved", id=name.key)
    moved = name.path != path
    if state in GONE:
        return Thing(name.path, moved, state)
    if state == "merged":
        survivor = ResourceName(name.type, current.survivors[name.key]).path
        return Thing(name.path, moved, state, survivor)
    thing = Thing(name.path, moved)
    return thing if thing.moved else _existing(thing, current)


def _first_existing(candidates: Sequence[Thing], current: Current) -> Thing:
    for thing in candidates[:-1]:
        with suppress(ResourceNotFound):
            return _existing(thing, current)
    return _existing(candidates[-1], current)


def _existing(thing: Thing, current: Current) -> Thing:
    if not current.engine.rows(load_query("thing"), {"thing": Iri(thing.iri)}):
        raise ResourceNotFound("thing-unknown", path=thing.path)
    return thing
