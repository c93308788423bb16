"""Lays out a map of rows with geometries: outlines as shapes, points as circles, values shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Place:
    row: Row
    geometry: Geometry
    value: float | None


def draw_map(columns: Sequence[str], rows: Sequence[Row], language: str) -> Map | None:
    """Return the map of rows, None where no row has a geometry.

    The first column of numbers shades it that has one value for each place.
    """
    told_columns = columns_for(columns, language)
    measure = _measure(told_columns, rows)
    places = [
        _Place(row, geometry, number(measure.value(row)) if measure else None)
        for row in rows
        if GEOMETRY in row and (geometry := parse_wkt(row[GEOMETRY].value))
    ]
    if not places:
        return None
    view = _View.around([position for place in places for position in _positions(place.geometry)])
    bounds = _bounds([place.value for place in places if place.value is not None])
    headings = [(column, column.label(language)) for column in told_columns]
    shapes = [_shape(place, view, bounds, _title(place.row, headings)) for place in places]
    shapes.sort(key=lambda shape: not shape.path)  # circles above outlines
    legend = _legend(places, bounds)
    heading = measure.label(language) if measure else ""
    return Map(view.width, view.height, tuple(shapes), heading, legend)


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

    def place(self, position: Position) -> tuple[float, float]:
        x = _MARGIN + (position[0] - self.west) * self.across
        y = _MARGIN + (self.north - position[1]) * self.along
        return round(x, 1), round(y, 1)


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


def _shape(place: _Place, view: _View, bounds: Sequence[float], title: str) -> Shape:
    points = [view.place(position) for position in _positions(place.geometry)]
    path = "".join(_path(ring, view) for ring in _rings(place.geometry))
    left, right = _span([x for x, _ in points])
    top, bottom = _span([y for _, y in points])
    value = "" if place.value is None else written(place.value)
    middle = round((left + right) / 2, 1), round((top + bottom) / 2, 1)
    shade = None if place.value is None else _class_of(place.value, bounds)
    return Shape(path, *middle, title, value, shade)


def _title(row: Row, headings: Iterable[tuple[Column, str]]) -> str:
    """Return name and values of a place in words: its literals, without keys of other things."""
    literals = [(heading, column.value(row)) for column, heading in headings]
    return "; ".join(
        f"{name}: {told(term)}" for name, term in literals if isinstance(term, Literal)
    )


def _path(ring: Ring, view: _View) -> str:
    points = [view.place(position) for position in ring]
    return "M" + "L".join(f"{x} {y}" for x, y in points)


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


def _bounds(values: Sequence[float]) -> tuple[float, ...]:
    """Return the lower bounds of classes, which hold equally many of the values that differ.

    Counts are many zeros and a few large numbers: classes of equally many places would put two and
    seventeen together.
    """
    distinct = sorted(set(values))
    if len(distinct) <= CLASSES:
        return tuple(distinct)
    return tuple(distinct[len(distinct) * part // CLASSES] for part in range(CLASSES))


def _class_of(value: float, bounds: Sequence[float]) -> int:
    place = sum(bound <= value for bound in bounds) - 1
    if len(bounds) < _FEWEST_TO_CLASS:
        return CLASSES // 2
    return round(place * (CLASSES - 1) / (len(bounds) - 1))


def _legend(places: Iterable[_Place], bounds: Sequence[float]) -> tuple[tuple[int, str, str], ...]:
    found: dict[int, list[float]] = {}
    for place in places:
        if place.value is not None:
            found.setdefault(_class_of(place.value, bounds), []).append(place.value)
    return tuple(
        (shade, written(min(values)), written(max(values)))
        for shade, values in sorted(found.items())
    )
