"""Collects what the home page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from kmn_ld import queries, releases
from kmn_ld.describe import Attribution, Names, all_attributions, labels_of, sort_key
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import Literal, Row, Term
from kmn_ld.queries import load_query
from kmn_ld.vocab import BASE
from kmn_ld.web.live import Current

NETWORK = f"{BASE}id/network"
MOST_LISTED = 300
"""Organisations that the page names one by one; of more it tells the numbers by district."""


@dataclass(frozen=True)
class Entry:
    """A thing in a list: its IRI, its names, and a number beside it."""

    iri: str
    names: Names
    count: int = 0


@dataclass(frozen=True)
class Place:
    """A district (`entry` is None where it is not known) and the organisations seated there.

    `count` is their number; `organisations` is empty where they are too many for the page.
    """

    entry: Entry | None
    count: int
    organisations: tuple[Entry, ...]


@dataclass(frozen=True)
class HomePage:
    """What the home page shows.

    `release` is the id of the release that answers, empty where there is none. `descriptions` tell
    what the network is, one a language. `stated_regions` is the number of regional associations
    that the network is said to have, 0 where nothing says so; `regions` are those that are known.
    `is_listed` says that every organisation stands in `places`; `whole_list` is a query for all.
    `dumps` are file names with their sizes in bytes, `attributions` what goes with them. `triples`
    counts the statements that a query sees that names no graph; `example` is a query that can be
    run as it stands.
    """

    release: str
    names: Names
    descriptions: Names
    stated_regions: int
    regions: tuple[Entry, ...]
    pillars: tuple[Entry, ...]
    places: tuple[Place, ...]
    is_listed: bool
    whole_list: str
    organisations: int
    districts: int
    sources: int
    triples: int
    dumps: tuple[tuple[str, int], ...]
    attributions: tuple[Attribution, ...]
    graphs: tuple[Entry, ...]
    example: str


def collect(current: Current, language: str) -> HomePage:
    """Ask for everything that the home page shows; lists are sorted for readers of a language."""
    engine = current.engine
    network = engine.rows(load_query("home/network"))
    totals = (engine.rows(load_query("home/totals")) or [{}])[0]
    organisations = _number(totals.get("organisations"))
    manifest = current.release.manifest if current.release else None
    graphs = manifest.graphs if manifest else {}
    titles = {entry.iri: entry.names for entry in _asked(engine, "home/graphs", "graph")}
    return HomePage(
        release=current.key,
        names=labels_of(engine, NETWORK),
        descriptions=tuple(
            row["description"] for row in network if isinstance(row["description"], Literal)
        ),
        stated_regions=max((_number(row.get("stated")) for row in network), default=0),
        regions=_by_name(_asked(engine, "home/regions", "region"), language),
        pillars=_asked(engine, "home/pillars", "pillar"),
        places=_places(engine, language, is_listed=organisations <= MOST_LISTED),
        is_listed=organisations <= MOST_LISTED,
        whole_list=without_header("home/whole-list"),
        organisations=organisations,
        districts=_number(totals.get("districts")),
        sources=_number(totals.get("sources")),
        triples=_statements(current),
        dumps=_dumps(current),
        attributions=all_attributions(engine),
        graphs=tuple(Entry(iri, titles.get(iri, ()), graphs[iri]) for iri in sorted(graphs)),
        example=example(),
    )


def _statements(current: Current) -> int:
    """Return how large the data is: each statement once, as in the service description."""
    counted = current.statistics.default.size.triples if current.statistics else 0
    named = current.release.manifest.graphs.values() if current.release else ()
    return counted or sum(named)  # a dataset may have an empty default graph


def example() -> str:
    """Return a query to begin with."""
    return without_header("home/example")


def without_header(name: str) -> str:
    """Return a query of ours as people may read and change it, without its header lines."""
    return queries.without_header(load_query(name))


def _dumps(current: Current) -> tuple[tuple[str, int], ...]:
    files = current.release.manifest.files if current.release else ()
    found = [entry for entry in files if entry.path.startswith(f"{releases.DUMPS}/")]
    return tuple(
        sorted((entry.path.removeprefix(f"{releases.DUMPS}/"), entry.bytes) for entry in found)
    )


def _places(engine: Engine, language: str, *, is_listed: bool) -> tuple[Place, ...]:
    by_district: dict[Term | None, list[Row]] = {}
    for row in engine.rows(load_query("home/organisations")) if is_listed else ():
        by_district.setdefault(row.get("district"), []).append(row)
    rows = engine.rows(load_query("home/districts"))
    known = {entry.iri: entry for entry in _entries(rows, "district")}
    numbers = {row.get("district"): _number(row["count"]) for row in rows}
    places = [
        Place(
            known[district.value] if district else None,
            count,
            _by_name(_entries(by_district.get(district, ()), "organisation"), language),
        )
        for district, count in numbers.items()
    ]
    return tuple(sorted(places, key=lambda place: _place_order(place, language)))


def _place_order(place: Place, language: str) -> tuple[bool, str]:
    name = sort_key(place.entry.names, language) if place.entry else ""
    return (not name, name)


def _asked(engine: Engine, query: str, name: str) -> tuple[Entry, ...]:
    return _entries(engine.rows(load_query(query)), name)


def _entries(rows: Sequence[Row], name: str) -> tuple[Entry, ...]:
    """Return one entry for each thing in a column; each row adds the name in its `name`."""
    found: dict[str, tuple[list[Literal], int]] = {}
    for row in rows:
        if name in row:
            names, _ = found.setdefault(row[name].value, ([], _number(row.get("count"))))
            label = row.get("name")
            if isinstance(label, Literal):
                names.append(label)
    return tuple(Entry(iri, tuple(names), count) for iri, (names, count) in found.items())


def _by_name(entries: Sequence[Entry], language: str) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (sort_key(entry.names, language), entry.iri)))


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0
