"""Rules that span files: names of files, ledger, terms, links to nowhere, parts, lost IRIs."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from operator import eq
from pathlib import Path

from kmn_ld import iris
from kmn_ld.ledger import STATES_WITH_FILE, Ledger
from kmn_ld.sources import GRAPHS, SourceFile, file_of
from kmn_ld.validation.findings import Finding, note, violation
from kmn_ld.validation.links import check_links, line_that_names
from kmn_ld.validation.missing import users_of
from kmn_ld.validation.nearest import nearest_key
from kmn_ld.validation.reading import Reading
from kmn_ld.validation.terms import OURS, check_terms
from kmn_ld.vocab import BASE, GRAPH, ONTOLOGY, PREFIXES, SHAPES

_TYPE = PREFIXES["rdf"] + "type"
_INDIVIDUAL = PREFIXES["owl"] + "NamedIndividual"
_VERSION_IRI = PREFIXES["owl"] + "versionIRI"
_NO_FILE_WANTED = ("merged", "withdrawn", "erased")
_ANSWERED_BY_THE_SERVER = ("catalog", "static/favicon.svg")
"""Paths below our base that no file of the sources describes."""


def check_files(reading: Reading, ledger: Ledger | None) -> Iterator[Finding]:
    """Yield what is wrong with the names of the files, and which files are missing.

    Without a ledger, only what can be said without one.
    """
    for file in reading.files:
        for finding in _check_name(file, ledger):
            near = nearest_key(file, reading, ledger)
            yield finding.hinting("key", key=near) if near else finding
    if ledger is not None:
        yield from _check_missing_files(reading, ledger)


def check_records(reading: Reading, ledger: Ledger | None) -> Iterator[Finding]:
    """Yield what is wrong between the records, as far as the files could be read."""
    yield from _check_described(reading, ledger)
    yield from _check_terms(reading, reading)
    yield from check_links(reading, reading, _known(reading), ledger)
    yield from _check_parts(reading)


def check_examples(
    examples: Sequence[Reading], reading: Reading, ledger: Ledger | None
) -> Iterator[Finding]:
    """Yield what is wrong between worked examples and the records; they may link to each other."""
    known = _known(reading).union(*(example.described_in for example in examples))
    for example in examples:
        yield from _check_terms(example, reading)
        yield from check_links(example, reading, known, ledger)


def check_lost(reading: Reading, before: Iterable[str], ledger: Ledger | None) -> Iterator[Finding]:
    """Yield a finding for each thing and each term of the release before that is no longer there.

    No IRI may go (identifiers, section 0.4); for ids of the ledger `check_files` says so.
    """
    there, names = set(things(reading)), {file.name for file in reading.files}
    for iri in before:
        name = iris.parse_iri(iri)
        is_id = name is not None and name.type in iris.OPAQUE_TYPES
        is_told = name is not None and name.key in ledger.states if ledger else is_id
        if iri not in there and not is_told and not reading.may_be_unread(iri):
            rule = "term-lost" if iri.startswith(OURS) else "iri-lost"
            name_of_file = file_of(iri)
            found = violation(rule, path=name_of_file if name_of_file in names else "", focus=iri)
            users = users_of(reading, partial(eq, iri))
            yield found.hinting("used", users=users) if users else found


def things(reading: Reading) -> list[str]:
    """Return the IRIs that may not go, sorted.

    They are the terms of our ontology and the things (`…/id/…` without a fragment) that are loaded.
    """
    prefix = f"{BASE}id/"
    loaded = {
        iri
        for iri, file in reading.described_in.items()
        if iri.startswith(prefix) and "#" not in iri and file.name not in reading.draft_names
    }
    return sorted(loaded | _terms(reading))


def is_draft(file: SourceFile, ledger: Ledger) -> bool:
    """Return whether a file describes an id that is reserved but not published."""
    return ledger.states.get(Path(file.name).stem) == "reserved"


def _check_name(file: SourceFile, ledger: Ledger | None) -> Iterator[Finding]:
    name = iris.parse_iri(file.about) if file.about.startswith(f"{BASE}id/") else None
    key = Path(file.name).stem
    if file.name.startswith(("data/organisations/", "data/services/")):
        yield from _check_id(file, key, ledger)
    elif name is None and file.about.startswith(f"{BASE}id/"):
        yield violation("file-name", path=file.name, key=key)


def _check_id(file: SourceFile, key: str, ledger: Ledger | None) -> Iterator[Finding]:
    kind = "org" if file.name.startswith("data/organisations/") else "service"
    if not iris.has_opaque_form(key):
        yield violation("file-no-id", path=file.name, key=key)
    elif not iris.is_well_formed(key):
        yield violation("file-check-digits", path=file.name, key=key)
    elif ledger is None:
        return
    elif key not in ledger.types:
        yield violation("file-not-minted", path=file.name, key=key)
    elif ledger.types[key] != kind:
        folder = "data/services" if kind == "org" else "data/organisations"
        yield violation("file-other-type", path=file.name, key=key, folder=folder)
    elif ledger.states[key] in _NO_FILE_WANTED:
        yield violation("file-ended", path=file.name, key=key)
    elif is_draft(file, ledger):
        yield note("file-draft", path=file.name, key=key)


def _check_missing_files(reading: Reading, ledger: Ledger) -> Iterator[Finding]:
    names = {file.name for file in reading.files}
    folders = {"org": "organisations", "service": "services"}
    for key, state in ledger.states.items():
        name = f"data/{folders[ledger.types[key]]}/{key}.ttl"
        is_told = any(file.name == name for file in reading.missing)
        if state in STATES_WITH_FILE and name not in names and not is_told:
            yield violation("id-without-file", path=name, key=key)


def _check_described(reading: Reading, ledger: Ledger | None) -> Iterator[Finding]:
    """A published id is described in its file: an empty one is no record."""
    if ledger is None:
        return
    for key, state in ledger.states.items():
        iri = f"{BASE}id/{ledger.types[key]}/{key}"
        is_missing = iri not in reading.described_in and not reading.may_be_unread(iri)
        if state in STATES_WITH_FILE and is_missing:
            yield violation("id-without-record", focus=iri)


def _known(reading: Reading) -> set[str]:
    """Return the IRIs of ours that answer."""
    known = set(reading.described_in) | {GRAPH + name for name in GRAPHS} | {BASE, ONTOLOGY, SHAPES}
    return known | _versions(reading) | {BASE + path for path in _ANSWERED_BY_THE_SERVER}


def _check_terms(example: Reading, reading: Reading) -> Iterator[Finding]:
    if not reading.may_be_unread(OURS[0]):
        yield from check_terms(example.suspects, reading.described_in)


def _versions(reading: Reading) -> set[str]:
    """Return version IRIs of the ontology and the shapes: they answer, but have no statements."""
    lines = [*reading.graphs.get(GRAPH + "ontology", []), *reading.graphs.get(GRAPH + "shapes", [])]
    split = (line.split(" ", 2) for line in lines)
    return {parts[2][1:-3] for parts in split if parts[1] == f"<{_VERSION_IRI}>"}


def _terms(reading: Reading) -> set[str]:
    """Return our classes, properties and datatypes: what has a type, and not only alignments."""
    split = [line.split(" ", 2) for line in reading.graphs.get(GRAPH + "ontology", [])]
    return {
        subject[1:-1]
        for subject, predicate, value in split
        if subject.startswith(f"<{ONTOLOGY}#")
        and predicate == f"<{_TYPE}>"
        and value != f"<{_INDIVIDUAL}> ."
    }


def _check_parts(reading: Reading) -> Iterator[Finding]:
    """Each part is reached from its thing by forward links: so a description is complete."""
    parts = {s for s in reading.described_in if s.startswith(f"{BASE}id/") and "#" in s}
    reached: set[str] = set()
    frontier = {part.partition("#")[0] for part in parts}
    while frontier:
        frontier = set().union(*(reading.links.get(node, set()) for node in frontier)) - reached
        reached |= frontier
    for part in sorted(parts - reached):
        file = reading.described_in[part]
        line = line_that_names(part, file)
        yield violation("part-unreachable", path=file.name, line=line, focus=part)
