"""Lays out bars and lines of two columns of a result."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kmn_ld.queries import Column, LibraryQuery
from kmn_ld.web.library.rows import Row, number, told, written

MOST_BARS = 60
_WIDTH, _ROW, _LABEL, _VALUE = 720.0, 26.0, 250.0, 70.0
_LETTER = 7.2
"""Width of a character on the wide side, in user units."""
_HEIGHT, _LEFT, _BOTTOM, _TOP = 320.0, 60.0, 40.0, 20.0
_APART = 64.0
"""User units between labels below a line."""


@dataclass(frozen=True)
class Bar:
    """A bar: its label (whole, and as much as there is room for), its value, place and length."""

    label: str
    short: str
    value: str
    y: float
    length: float


@dataclass(frozen=True)
class Bars:
    """Bars from a common start `x`, in user units; of `total` rows the first are drawn."""

    names: tuple[str, str]
    width: float
    height: float
    x: float
    bars: tuple[Bar, ...]
    total: int


@dataclass(frozen=True)
class Point:
    """A point of a line: what it stands for, its value, its place, and whether it is labelled."""

    label: str
    value: str
    x: float
    y: float
    is_labelled: bool


@dataclass(frozen=True)
class Line:
    """A line in user units; `ticks` are (height, value) of the lines behind it."""

    names: tuple[str, str]
    width: float
    height: float
    points: tuple[Point, ...]
    ticks: tuple[tuple[float, str], ...]
    left: float = _LEFT
    bottom: float = _HEIGHT - _BOTTOM

    @property
    def path(self) -> str:
        """The line as a path of SVG."""
        return "M" + "L".join(f"{point.x} {point.y}" for point in self.points)


def draw_bars(query: LibraryQuery, rows: Sequence[Row], language: str) -> Bars | None:
    """Return a bar for each row, None where no row has a value."""
    columns = query.view_columns(language)
    measured = _measured(rows, columns[1])
    if not measured:
        return None
    drawn = measured[:MOST_BARS]
    most = max(value for _, value in drawn) or 1.0
    room = _WIDTH - _LABEL - _VALUE
    bars = tuple(
        Bar(
            told(columns[0].value(row)),
            _shortened(told(columns[0].value(row))),
            told(columns[1].value(row)),
            place * _ROW,
            round(max(value, 0.0) / most * room, 1),
        )
        for place, (row, value) in enumerate(drawn)
    )
    names = (columns[0].label(language), columns[1].label(language))
    return Bars(names, _WIDTH, len(bars) * _ROW, _LABEL, bars, len(measured))


def draw_line(query: LibraryQuery, rows: Sequence[Row], language: str) -> Line | None:
    """Return a line through the rows in their order, None where fewer than two have a value.

    Numbers (years) keep their distances, all else stands at equal ones.
    """
    columns = query.view_columns(language)
    measured = _measured(rows, columns[1])
    if len(measured) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    places = _places([_numeric(columns[0], row) for row, _ in measured])
    most = max(value for _, value in measured) or 1.0
    height = _HEIGHT - _TOP - _BOTTOM
    labelled = _labelled([_LEFT + place * (_WIDTH - 2 * _LEFT) for place in places])
    points = tuple(
        Point(
            told_plainly(columns[0], row),
            told(columns[1].value(row)),
            round(_LEFT + place * (_WIDTH - 2 * _LEFT), 1),
            round(_TOP + height * (1 - max(value, 0.0) / most), 1),
            order in labelled,
        )
        for order, (place, (row, value)) in enumerate(zip(places, measured, strict=True))
    )
    ticks = tuple((_TOP + height * (1 - part), written(most * part)) for part in (0, 0.5, 1))
    names = (columns[0].label(language), columns[1].label(language))
    return Line(names, _WIDTH, _HEIGHT, points, ticks)


def told_plainly(column: Column, row: Row) -> str:
    """Return a label as it stands: a year is no number with signs between thousands."""
    term = column.value(row)
    return term.value if term else "–"


def _measured(rows: Sequence[Row], column: Column) -> list[tuple[Row, float]]:
    return [(row, value) for row in rows if (value := number(column.value(row))) is not None]


def _numeric(column: Column, row: Row) -> float | None:
    text = told_plainly(column, row)
    return float(text) if text.removeprefix("-").isdecimal() else None


def _places(values: Sequence[float | None]) -> list[float]:
    """Return the place of each value between 0 and 1."""
    known = [value for value in values if value is not None]
    is_even = len(known) < len(values) or any(b <= a for a, b in pairwise(known))
    if is_even:
        return [order / (len(values) - 1) for order in range(len(values))]
    return [(value - known[0]) / (known[-1] - known[0]) for value in known]


def _labelled(positions: Sequence[float]) -> set[int]:
    """Return which points have room for a label; the last one always has."""
    last = len(positions) - 1
    found = {last}
    free = positions[0]
    for order, position in enumerate(positions[:-1]):
        if position >= free and positions[last] - position >= _APART:
            found.add(order)
            free = position + _APART
    return found


def _shortened(label: str) -> str:
    most = int(_LABEL / _LETTER)
    return label if len(label) <= most else label[: most - 1] + "…"
