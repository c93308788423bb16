"""Lays out maps: outlines as shapes, points as circles; classes of values that shade them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

from kmn_ld.engine.terms import Literal
from kmn_ld.queries import GEOMETRY, Column, columns_for
from kmn_ld.web.library.rows import Row, number, told, written
from kmn_ld.web.library.wkt import Geometry, Position, Ring, parse_wkt

CLASSES = 5
"""Shades of values."""

_WIDTH = 720.0
_MARGIN = 12.0
_RADIUS = 6.0
_FEWEST_TO_CLASS = 2
_FINE = 10
"""Steps in a user unit: where points of outlines may lie."""


@dataclass(frozen=True)
class Outline:
    """A place laid out in user units: its path (SVG, empty for points), the middle of its box.

    `rings` are the points of its lines, those of holes too.
    """

    path: str
    x: float
    y: float
    rings: tuple[tuple[Position, ...], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Places beside one another, north up, in user units."""

    width: float
    height: float
    outlines: tuple[Outline, ...]


@dataclass(frozen=True)
class Scale:
    """Classes of values, by their lower bounds, from the least to the most."""

    bounds: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Scale":
        """Return classes that hold equally many of the values that differ.

        Counts are many zeros and a few large numbers: classes of equally many places would put two
        and seventeen together.
        """
        distinct = sorted(set(values))
        if len(distinct) <= CLASSES:
            return cls(tuple(distinct))
        return cls(tuple(distinct[len(distinct) * part // CLASSES] for part in range(CLASSES)))

    def shade(self, value: float) -> int:
        """Return the shade of a value, from 0 (least) to 4."""
        place = sum(bound <= value for bound in self.bounds) - 1
        if len(self.bounds) < _FEWEST_TO_CLASS:
            return CLASSES // 2
        return round(place * (CLASSES - 1) / (len(self.bounds) - 1))

    def legend(self, values: Iterable[float]) -> tuple[tuple[int, str, str], ...]:
        """Return (shade, least, most) of each class that occurs among values, as texts."""
        found: dict[int, list[float]] = {}
        for value in values:
            found.setdefault(self.shade(value), []).append(value)
        return tuple(
            (shade, written(min(inside)), written(max(inside)))
            for shade, inside in sorted(found.items())
        )


@dataclass(frozen=True)
class Shape:
    """An outline or a point: `path` (SVG) or a circle at `x`, `y`; its name and values in words.

    `shade` counts from 0 (least) to 4, None without a value; `value` is written at `x`, `y`.
    """

    path: str
    x: float
    y: float
    title: str
    value: str
    shade: int | None


@dataclass(frozen=True)
class Map:
    """A map in user units. `measure` heads the column that shades it, empty where none does.

    `legend` has (shade, least, most) of each class that occurs, as texts; `radius` is that of the
    circles for points.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    measure: str
    legend: tuple[tuple[int, str, str], ...]
    radius: float = _RADIUS


def draw_map(columns: Sequence[str], rows: Sequence[Row], language: str) -> Map | None:
    """Return the map of rows, None where no row has a geometry.

    The first column of numbers shades it that has one value for each place.
    """
    told_columns = columns_for(columns, language)
    measure = _measure(told_columns, rows)
    places = [
        (row, geometry)
        for row in rows
        if GEOMETRY in row and (geometry := parse_wkt(row[GEOMETRY].value))
    ]
    if not places:
        return None
    sheet = lay_out([geometry for _, geometry in places])
    values = [number(measure.value(row)) if measure else None for row, _ in places]
    known = [value for value in values if value is not None]
    scale = Scale.of(known)
    headings = [(column, column.label(language)) for column in told_columns]
    shapes = [
        _shape(outline, _title(row, headings), value, scale)
        for outline, (row, _), value in zip(sheet.outlines, places, values, strict=True)
    ]
    shapes.sort(key=lambda shape: not shape.path)  # circles above outlines
    heading = measure.label(language) if measure else ""
    return Map(sheet.width, sheet.height, tuple(shapes), heading, scale.legend(known))


def lay_out(geometries: Sequence[Geometry]) -> Sheet:
    """Lay out geometries, at least one, in their order."""
    view = _View.around([position for one in geometries for position in _positions(one)])
    outlines = tuple(_outline(one, view) for one in geometries)
    return Sheet(view.width, view.height, outlines)


@dataclass(frozen=True)
class _View:
    """Equirectangular, true to scale at the middle latitude: enough for one state."""

    west: float
    north: float
    width: float
    height: float
    across: float
    along: float

    @classmethod
    def around(cls, positions: Sequence[Position]) -> "_View":
        west, east = _span([position[0] for position in positions])
        south, north = _span([position[1] for position in positions])
        squeeze = max(cos(radians((south + north) / 2)), 0.01)
        scale = (_WIDTH - 2 * _MARGIN) / ((east - west) * squeeze)
        height = (north - south) * scale + 2 * _MARGIN
        return cls(west, north, _WIDTH, round(height, 1), scale * squeeze, scale)

    def place(self, position: Position) -> Position:
        x = _MARGIN + (position[0] - self.west) * self.across
        y = _MARGIN + (self.north - position[1]) * self.along
        return [round(x * _FINE) / _FINE, round(y * _FINE) / _FINE]


def _span(values: Sequence[float]) -> tuple[float, float]:
    """Return least and greatest value, apart even where there is one value."""
    least, most = min(values), max(values)
    return (least, most) if most - least > 0.01 else (least - 0.1, most + 0.1)  # noqa: PLR2004


def _measure(columns: Sequence[Column], rows: Sequence[Row]) -> Column | None:
    return next((column for column in columns if _is_of_places(column, rows)), None)


def _is_of_places(column: Column, rows: Sequence[Row]) -> bool:
    """Whether a column has numbers, in all rows of a place the same one."""
    found: dict[str, set[float | None]] = {}
    for row in rows:
        if GEOMETRY in row:
            found.setdefault(row[GEOMETRY].value, set()).add(number(column.value(row)))
    is_number = any(values != {None} for values in found.values())
    return is_number and all(len(values) == 1 for values in found.values())


def _shape(outline: Outline, title: str, value: float | None, scale: Scale) -> Shape:
    shade = None if value is None else scale.shade(value)
    text = "" if value is None else written(value)
    return Shape(outline.path, outline.x, outline.y, title, text, shade)


def _title(row: Row, headings: Iterable[tuple[Column, str]]) -> str:
    """Return name and values of a place in words: its literals, without keys of other things."""
    literals = [(heading, column.value(row)) for column, heading in headings]
    return "; ".join(
        f"{name}: {told(term)}" for name, term in literals if isinstance(term, Literal)
    )


def _outline(geometry: Geometry, view: _View) -> Outline:
    points = [view.place(position) for position in _positions(geometry)]
    left, right = _span([x for x, _ in points])
    top, bottom = _span([y for _, y in points])
    rings = tuple(tuple(map(view.place, ring)) for ring in _rings(geometry))
    path = "".join(map(_path, rings))
    return Outline(path, round((left + right) / 2, 1), round((top + bottom) / 2, 1), rings)


def _path(ring: Sequence[Position]) -> str:
    """Return a ring as a path of steps from point to point: half as long as one of places."""
    steps = [(round((x - a) * _FINE), round((y - b) * _FINE)) for (a, b), (x, y) in pairwise(ring)]
    taken = [f"{x / _FINE:g} {y / _FINE:g}" for x, y in steps if x or y]
    return f"M{ring[0][0]:g} {ring[0][1]:g}l{' '.join(taken)}" if taken else ""


def _rings(geometry: Geometry) -> list[Ring]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return list(coordinates)
    if kind == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    return [coordinates] if kind == "LineString" else []


def _positions(geometry: Geometry) -> list[Position]:
    if geometry["type"] == "Point":
        return [geometry["coordinates"]]
    if geometry["type"] == "MultiPoint":
        return list(geometry["coordinates"])
    return [position for ring in _rings(geometry) for position in ring]
