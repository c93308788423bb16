"""Holds the records against the ledger: status, successors, and what must be gone (rules e, f)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kmn_ld import turtle
from kmn_ld.iris import ResourceName
from kmn_ld.ledger import STATES_WITH_FILE, Ledger
from kmn_ld.sources import LEDGER
from kmn_ld.validation.findings import Finding, violation
from kmn_ld.validation.reading import Reading
from kmn_ld.vocab import BASE, PREFIXES

NAMING = tuple(
    PREFIXES[prefix] + name
    for prefix, name in (
        ("skos", "prefLabel"),
        ("skos", "altLabel"),
        ("skos", "hiddenLabel"),
        ("dcterms", "title"),
        ("foaf", "name"),
        ("schema", "name"),
        ("schema", "legalName"),
        ("rdfs", "label"),
    )
)
"""Properties whose values are names of a thing."""

GONE = ("withdrawn", "erased")
"""States of which `data/` holds no name (rule f)."""

SHORTEST_NAME = 4
"""Characters of a name that is looked for in texts: shorter ones stand in other words."""

_STATES = f"{BASE}id/concept/status/"
_STATUS = f"<{PREFIXES['kmn']}status>"
_SUCCESSOR = f"<{PREFIXES['dcterms']}isReplacedBy>"
_NAMING = {f"<{iri}>" for iri in NAMING}
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
"""Characters after a backslash in canonical N-Triples (section 4 of RDF 1.2 N-Triples)."""
_READ = (".ttl", ".csv", ".md", ".txt", ".geojson", ".json")


def check_states(reading: Reading, ledger: Ledger | None) -> Iterator[Finding]:
    """Yield where a record says another status, or fewer successors, than the ledger."""
    if ledger is None:
        return
    said = _said(reading)
    for key, state in ledger.states.items():
        iri = ResourceName(ledger.types[key], key).iri
        file = reading.described_in.get(iri)
        if state not in STATES_WITH_FILE or file is None:
            continue
        for value in said[iri, _STATUS]:
            if value != _STATES + state:
                details = {"focus": iri, "value": value, "state": state}
                yield violation("status-differs", path=file.name, **details)
        last = ledger.latest[key]
        wanted = [ResourceName(last.type, target).iri for target in last.targets]
        for target in wanted if state == "inactive" else ():
            if target not in said[iri, _SUCCESSOR]:
                yield violation("successor-missing", path=file.name, focus=iri, value=target)


def check_gone(
    reading: Reading, ledger: Ledger | None, names: Mapping[str, Iterable[str]], folder: Path
) -> Iterator[Finding]:
    """Yield places in `data/` that hold the id, or a name, of what was withdrawn or erased.

    `names` is id → names that it had in the release before. A name that a living record bears
    may stand. IRIs are `links`' affair.
    """
    gone = {key for key, state in ledger.states.items() if state in GONE} if ledger else set()
    if not gone or ledger is None:
        return
    borne = "\n".join(living_names(reading, ledger)).casefold()
    wanted = {
        name: key
        for key in gone
        for name in (key, *names.get(key, ()))
        if len(name) >= SHORTEST_NAME and not holds(borne, name)
    }
    for path in sorted((folder / "data").rglob("*")):
        if path.suffix in _READ and path != folder / LEDGER and path.is_file():
            yield from _in_file(path, folder, wanted)


def holds(text: str, name: str) -> bool:
    """Return whether a text, which is casefolded, has a name in it as whole words."""
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) is not None


def names_in(lines: Iterable[str], things: Mapping[str, str]) -> dict[str, set[str]]:
    """Return id → names in N-Quads or N-Triples lines; `things` is IRI → id."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if predicate in _NAMING and subject[1:-1] in things and rest.startswith('"'):
            found[things[subject[1:-1]]].add(literal_text(rest))
    return dict(found)


def literal_text(rest: str) -> str:
    """Return the text of the literal at the start of the rest of an N-Quads line."""
    match = _LITERAL.match(rest)
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1]], match[1]) if match else ""


def living_names(reading: Reading, ledger: Ledger) -> Iterator[str]:
    """Yield the names of all things whose ids have not ended, and of those without ids."""
    gone = {
        ResourceName(ledger.types[key], key).iri
        for key, state in ledger.states.items()
        if state in GONE
    }
    for line in (line for lines in reading.graphs.values() for line in lines):
        subject, predicate, rest = line.split(" ", 2)
        is_living = subject[1:-1].partition("#")[0] not in gone
        if predicate in _NAMING and is_living and rest.startswith('"'):
            yield literal_text(rest)


def _in_file(path: Path, folder: Path, wanted: Mapping[str, str]) -> Iterator[Finding]:
    name_of_file = path.relative_to(folder).as_posix()
    for number, line in enumerate(turtle.read_text(path).split("\n"), start=1):
        folded = line.casefold()
        for name, key in wanted.items():
            if f"/{key}" not in line and holds(folded, name):
                yield violation("name-left", path=name_of_file, line=number, value=name, key=key)


def _said(reading: Reading) -> defaultdict[tuple[str, str], list[str]]:
    """Return (subject IRI, property) → IRIs, for status and successors."""
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for line in (line for lines in reading.graphs.values() for line in lines):
        subject, predicate, rest = line.split(" ", 2)
        if predicate in (_STATUS, _SUCCESSOR):
            said[subject[1:-1], predicate].append(rest[1:-3])
    return said
