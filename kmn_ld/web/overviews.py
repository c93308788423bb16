"""Lays out the picture of the whole ontology: its main classes on a grid, what leads where.

The places are fixed; the names are those of the release. The same stands in sentences below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kmn_ld.describe import Names, best_name, expand
from kmn_ld.web import languages

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 190, 52, 200, 84, 50
_GRID: Mapping[str, tuple[int, int]] = {
    "kmn:Network": (0, 0),
    "kmn:Pillar": (1, 0),
    "kmn:FundingProgramme": (2, 0),
    "kmn:RegionalAssociation": (0, 1),
    "org:Organization": (1, 1),
    "kmn:CounsellingService": (2, 1),
    "cv:AdminUnit": (0, 2),
    "kmn:SourceRecord": (1, 2),
    "cv:Channel": (2, 2),
}
"""Class → column and row."""
LINKS = (
    ("kmn:Network", "kmn:hasPillar", "kmn:Pillar"),
    ("kmn:FundingProgramme", "kmn:forPillar", "kmn:Pillar"),
    ("kmn:RegionalAssociation", "org:subOrganizationOf", "kmn:Network"),
    ("org:Organization", "kmn:inPillar", "kmn:Pillar"),
    ("kmn:CounsellingService", "kmn:underProgramme", "kmn:FundingProgramme"),
    ("kmn:RegionalAssociation", "kmn:leadOrganisation", "org:Organization"),
    ("kmn:CounsellingService", "kmn:providedBy", "org:Organization"),
    ("kmn:RegionalAssociation", "kmn:evidencedInDistrict", "cv:AdminUnit"),
    ("org:Organization", "dcterms:spatial", "cv:AdminUnit"),
    ("org:Organization", "prov:hadPrimarySource", "kmn:SourceRecord"),
    ("kmn:CounsellingService", "cv:hasChannel", "cv:Channel"),
)
"""Class, property, class of the values."""


@dataclass(frozen=True)
class Place:
    """A class in the picture: where its box begins, its names."""

    x: float
    y: float
    name: str
    code: str

    @property
    def kind(self) -> str:
        """Whether the class is "own" or "reused"."""
        return "own" if self.code.startswith("kmn:") else "reused"


@dataclass(frozen=True)
class Lead:
    """A property from one class to another: both ends of its line, its names beside the middle."""

    start: tuple[float, float]
    end: tuple[float, float]
    name: str
    code: str

    @property
    def is_level(self) -> bool:
        """Whether the line is level, with its name above it."""
        return self.start[1] == self.end[1]

    @property
    def is_slanted(self) -> bool:
        """Whether the line is neither level nor upright, with its name below it."""
        return not self.is_level and self.start[0] != self.end[0]

    @property
    def middle(self) -> tuple[float, float]:
        """The point half-way."""
        return (self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2


@dataclass(frozen=True)
class Overview:
    """The picture, in user units, and the same as sentences."""

    width: float
    height: float
    places: tuple[Place, ...]
    leads: tuple[Lead, ...]
    sentences: tuple[str, ...]


def overview(names: Mapping[str, Names]) -> Overview | None:
    """Return the picture in the reader's language, None where a class of it is not explained.

    `names` is IRI → names of what the page explains.
    """
    if not all(expand(short) in names for short in _GRID):
        return None
    called = {short: _named(names, short) for link in LINKS for short in link}
    places = {
        short: Place(
            1 + column * (_WIDTH + _ACROSS), 1 + row * (_HEIGHT + _DOWN), called[short], short
        )
        for short, (column, row) in _GRID.items()
    }
    leads = [
        Lead(*_ends(places[source], places[target]), called[by], by) for source, by, target in LINKS
    ]
    return Overview(
        width=3 * _WIDTH + 2 * _ACROSS + _MARGIN,
        height=3 * _HEIGHT + 2 * _DOWN + 2,
        places=tuple(places.values()),
        leads=tuple(leads),
        sentences=tuple(
            f"{called[source]} → {called[target]}: {called[by]} ({by})"
            for source, by, target in LINKS
        ),
    )


def _ends(source: Place, target: Place) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where a line leaves one box and reaches the other: at sides that face each other."""
    (x1, x2), (y1, y2) = (
        _facing(source.x, target.x, _WIDTH),
        _facing(source.y, target.y, _HEIGHT),
    )
    is_slanted = source.x != target.x and source.y != target.y
    return (x1, y1), (x2, target.y + _HEIGHT / 2 if is_slanted else y2)


def _facing(start: float, end: float, length: float) -> tuple[float, float]:
    if start == end:
        return start + length / 2, end + length / 2
    return (start + length, end) if start < end else (start, end + length)


def _named(names: Mapping[str, Names], short: str) -> str:
    best = best_name(names.get(expand(short), ()), languages.current())
    return best.value if best else short
