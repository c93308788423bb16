"""Finds IRIs of ours that lead nowhere or must not be named: one finding each, with what is meant.

The types are a closed table, and ids are published and of their type (identifiers, section 2).
"""

from collections.abc import Iterable, Iterator, Set
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from kmn_ld import iris, turtle
from kmn_ld.iris import ResourceName, document_of
from kmn_ld.ledger import STATES_WITH_FILE, Ledger
from kmn_ld.sources import SourceFile, file_of
from kmn_ld.validation.findings import Finding, violation
from kmn_ld.validation.places import Places
from kmn_ld.validation.reading import Reading
from kmn_ld.validation.terms import OURS
from kmn_ld.vocab import BASE

_IDS = f"{BASE}id/"
_CONCEPTS = f"{_IDS}concept/"
_DISTRICTS = f"{_IDS}district/"
_TYPES = (*iris.OPAQUE_TYPES, *iris.READABLE_TYPES, "district", "concept", "network")
_NOT_PUBLIC = {
    "reserved": "iri-reserved",
    "merged": "iri-merged",
    "withdrawn": "iri-withdrawn",
    "erased": "iri-erased",
}
_ALIKE = 0.7
"""How alike two IRIs of one kind must be behind what they share (0-1) for one to be a slip."""
_MOST_VALUES = 12


def check_links(
    example: Reading, reading: Reading, known: Set[str], ledger: Ledger | None
) -> Iterator[Finding]:
    """Yield what is wrong with the IRIs of a reading; `known` are all that answer."""
    faulty = set()
    named = chain(example.mentioned_in.items(), example.described_in.items())
    for iri, file in named:
        if iri in faulty:
            continue
        fault = _of_type(iri, file) or _of_ledger(iri, file, ledger)
        if fault is None and iri in example.mentioned_in and _is_dangling(iri, reading, known):
            fault = _dangling(iri, known)
        if fault is not None:
            faulty.add(iri)
            yield fault.at(file.name, line_that_names(iri, file))


def line_that_names(iri: str, file: SourceFile) -> int | None:
    """Return the line of a file where an IRI stands first."""
    place = Places(turtle.read_text(file.path)).of_term(iri)
    return place.line if place else None


def _of_type(iri: str, file: SourceFile) -> Finding | None:
    """Return what is wrong where the table of types has no such IRI; of a file its name says so."""
    kind = iri.removeprefix(_IDS).partition("/")[0].partition("#")[0]
    if not iri.startswith(_IDS) or kind in _TYPES or document_of(iri) == file.about:
        return None
    return violation("iri-type", value=iri, type=kind, types=", ".join(sorted(_TYPES)))


def _of_ledger(iri: str, file: SourceFile, ledger: Ledger | None) -> Finding | None:
    """Return why an id must not be named; the draft of a reserved id may speak of itself."""
    name = iris.parse_iri(iri)
    if name is None or ledger is None or name.type not in iris.OPAQUE_TYPES:
        return None
    state, kind = ledger.states.get(name.key), ledger.types.get(name.key, "")
    if state is None:
        return None
    if kind != name.type:
        right = ResourceName(kind, name.key).iri
        return violation("iri-other-type", value=iri, key=name.key, right=right)
    is_own_draft = state == "reserved" and Path(file.name).stem == name.key
    if state in STATES_WITH_FILE or is_own_draft:
        return None
    targets = [event.targets for event in ledger.events if event.id == name.key and event.targets]
    details = {"key": name.key, "targets": ", ".join(targets[-1]) if targets else ""}
    return violation(_NOT_PUBLIC[state], value=iri, path_of_file=file_of(iri) or "", **details)


def _is_dangling(iri: str, reading: Reading, known: Set[str]) -> bool:
    return iri not in known and not iri.startswith(OURS) and not reading.may_be_unread(iri)


def _dangling(iri: str, known: Set[str]) -> Finding:
    if iri.startswith(_CONCEPTS):
        return _of_concept(iri, known)
    key = iri.removeprefix(_IDS).partition("/")[2]
    is_slip = iris.has_opaque_form(key) and not iris.is_well_formed(key)
    if iri.startswith(_DISTRICTS):
        found = violation("link-district", value=iri)
        padded = f"{_DISTRICTS}0{key}"
        if padded in known:
            return found.hinting("five-digits", near=padded.removeprefix(_DISTRICTS))
    elif is_slip:
        found = violation("link-check-digits", value=iri, key=key)
    else:
        is_org = iri.startswith(f"{_IDS}org/") and "#" not in iri
        found = violation("link-organisation" if is_org else "link-nowhere", value=iri)
    near = _nearest(iri, known)
    return found.hinting("meant", near=near) if near else found


def _of_concept(iri: str, known: Set[str]) -> Finding:
    """Name the values of the list, or the lists where there is no such list."""
    scheme, _, slug = iri.removeprefix(_CONCEPTS).partition("/")
    list_iri = f"{_CONCEPTS}{scheme}"
    if not slug or list_iri not in known:
        names = [one for one in _below(_CONCEPTS, known) if "/" not in one]
        found = violation("link-scheme", value=iri, values=_few(names))
        slug = scheme
    else:
        names = list(_below(f"{list_iri}/", known))
        found = violation("link-concept", value=iri, file=file_of(iri), values=_few(names))
    near = get_close_matches(slug, names, n=1, cutoff=_ALIKE)
    return found.hinting("meant", near=near[0]) if near else found


def _nearest(iri: str, known: Set[str]) -> str:
    """Return the end of the IRI of the same kind that is most alike, or nothing."""
    document, mark, _ = iri.partition("#")
    start = f"{document}#" if mark and document in known else f"{document.rpartition('/')[0]}/"
    end = iri.removeprefix(start)
    near = get_close_matches(end, list(_below(start, known)), n=1, cutoff=_ALIKE)
    return near[0] if near else ""


def _below(start: str, known: Iterable[str]) -> Iterator[str]:
    """Yield the ends of what begins like this: of things without their parts."""
    for iri in sorted(known):
        end = iri.removeprefix(start)
        if end != iri and end and "#" not in end:
            yield end


def _few(names: list[str]) -> str:
    more = f" … ({len(names)})" if len(names) > _MOST_VALUES else ""
    return ", ".join(names[:_MOST_VALUES]) + more
