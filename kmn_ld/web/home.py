"""Collects what the home page shows."""

from dataclasses import dataclass

from kmn_ld import releases
from kmn_ld.describe import Names, labels_of, sort_key
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import Iri, Literal, Term
from kmn_ld.queries import load_query
from kmn_ld.vocab import BASE
from kmn_ld.web.live import Current

NETWORK = f"{BASE}id/network"


@dataclass(frozen=True)
class Entry:
    """A thing in a list: its IRI, its names, and a number beside it."""

    iri: str
    names: Names
    count: int = 0


@dataclass(frozen=True)
class Place:
    """A district (`entry` is None where it is not known) and the organisations seated there."""

    entry: Entry | None
    organisations: tuple[Entry, ...]


@dataclass(frozen=True)
class HomePage:
    """What the home page shows.

    `descriptions` tell what the network is, one a language. `stated_regions` is the number of
    regional associations that the network is said to have, 0 where nothing says so; `regions` are
    those that are known. `dumps` are file names with their sizes in bytes. `triples` counts the
    statements of all named graphs; `example` is a query that can be run as it stands.
    """

    names: Names
    descriptions: Names
    stated_regions: int
    regions: tuple[Entry, ...]
    pillars: tuple[Entry, ...]
    places: tuple[Place, ...]
    organisations: int
    districts: int
    sources: int
    triples: int
    dumps: tuple[tuple[str, int], ...]
    graphs: tuple[Entry, ...]
    example: str


def collect(current: Current, language: str) -> HomePage:
    """Ask for everything that the home page shows; lists are sorted for readers of a language."""
    engine = current.engine
    network = engine.rows(load_query("home/network"))
    totals = (engine.rows(load_query("home/totals")) or [{}])[0]
    manifest = current.release.manifest if current.release else None
    dumps = sorted(
        (entry.path.removeprefix(f"{releases.DUMPS}/"), entry.bytes)
        for entry in (manifest.files if manifest else ())
        if entry.path.startswith(f"{releases.DUMPS}/")
    )
    graphs = manifest.graphs if manifest else {}
    return HomePage(
        names=labels_of(engine, NETWORK),
        descriptions=tuple(
            row["description"] for row in network if isinstance(row["description"], Literal)
        ),
        stated_regions=max((_number(row.get("stated")) for row in network), default=0),
        regions=_entries(engine, "region", "home/regions"),
        pillars=_entries(engine, "pillar", "home/pillars"),
        places=_places(engine, language),
        organisations=_number(totals.get("organisations")),
        districts=_number(totals.get("districts")),
        sources=_number(totals.get("sources")),
        triples=sum(graphs.values()),
        dumps=tuple(dumps),
        graphs=tuple(Entry(iri, labels_of(engine, iri), graphs[iri]) for iri in sorted(graphs)),
        example=example(),
    )


def example() -> str:
    """Return a query to begin with, without its header lines."""
    lines = load_query("home/example").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+")) + "\n"


def _entries(engine: Engine, name: str, query: str) -> tuple[Entry, ...]:
    rows = engine.rows(load_query(query))
    return tuple(_entry(engine, row[name], _number(row.get("count"))) for row in rows)


def _places(engine: Engine, language: str) -> tuple[Place, ...]:
    found: dict[Term | None, list[Entry]] = {}
    for row in engine.rows(load_query("home/organisations")):
        district = row.get("district")
        found.setdefault(district, []).append(_entry(engine, row["organisation"]))
    places = [
        Place(
            _entry(engine, district) if district else None,
            tuple(sorted(entries, key=lambda entry: sort_key(entry.names, language))),
        )
        for district, entries in found.items()
    ]
    return tuple(sorted(places, key=lambda place: _place_order(place, language)))


def _place_order(place: Place, language: str) -> tuple[bool, str]:
    name = sort_key(place.entry.names, language) if place.entry else ""
    return (not name, name)


def _entry(engine: Engine, term: Term, count: int = 0) -> Entry:
    names = labels_of(engine, term.value) if isinstance(term, Iri) else ()
    return Entry(term.value, names, count)


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0
