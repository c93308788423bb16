"""Reads Well-Known Text (GeoSPARQL 1.0, 8.5.1) into geometries of GeoJSON (RFC 7946, 3.1).

Two dimensions, longitude before latitude (CRS84); what is anything else is no geometry here.
"""

import json
import re
from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import Any

Position = list[float]
Ring = list[Position]
Geometry = dict[str, Any]

_CRS84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
_NUMBER = r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?"
_PAIR = re.compile(rf"(?<![-+.\w])({_NUMBER})\s++({_NUMBER})")
"""Possessive, and never begun within a number: time grows with the length alone."""
_WKT = re.compile(r"([A-Za-z]++)\s*+(\([-+.\deE,()\s]*\))")
_LONGEST = 1_000_000
"""Characters of a text that are looked at."""
_LEAST_OF_A_RING = 4
_DEEPEST = 3
"""Brackets in brackets, in a MULTIPOLYGON."""
_STEPS = {"(": 1, ")": -1}


def parse_wkt(text: str) -> Geometry | None:
    """Return the geometry that a text is, None where it is none of a kind known here."""
    body = text.strip().removeprefix(_CRS84).strip()
    match = _WKT.fullmatch(body) if len(body) <= _LONGEST else None
    if not match or match[1].upper() not in _KINDS or _depth(match[2]) > _DEEPEST:
        return None
    name, normal = _KINDS[match[1].upper()]
    try:
        coordinates = normal(json.loads(_PAIR.sub(_position, match[2]).translate(_BRACKETS)))
    except (ValueError, TypeError, IndexError):
        return None
    return {"type": name, "coordinates": coordinates}


_BRACKETS = str.maketrans("()", "[]")


def _depth(text: str) -> int:
    """Return how deep brackets stand in brackets."""
    return max(accumulate(_STEPS.get(character, 0) for character in text))


def _position(pair: re.Match[str]) -> str:
    return f"[{float(pair[1])!r},{float(pair[2])!r}]"


def _point(value: Any) -> Position:
    (position,) = value
    return _checked(position)


def _line(value: Any) -> Ring:
    return [_checked(position) for position in value]


def _points(value: Any) -> Ring:
    """Read positions with or without brackets of their own, as both are in use."""
    return [_checked(entry[0] if isinstance(entry[0], list) else entry) for entry in value]


def _polygon(value: Any) -> list[Ring]:
    """Read rings and turn them: the outer one counterclockwise (RFC 7946, 3.1.6)."""
    rings = [_line(ring) for ring in value]
    if not rings or any(len(ring) < _LEAST_OF_A_RING or ring[0] != ring[-1] for ring in rings):
        raise ValueError
    return [_turned(ring, counterclockwise=not place) for place, ring in enumerate(rings)]


def _polygons(value: Any) -> list[list[Ring]]:
    return [_polygon(polygon) for polygon in value]


def _checked(position: Any) -> Position:
    longitude, latitude = position
    if not (-180 <= float(longitude) <= 180 and -90 <= float(latitude) <= 90):  # noqa: PLR2004
        raise ValueError
    return [longitude, latitude]


def _turned(ring: Ring, *, counterclockwise: bool) -> Ring:
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring if (area > 0) is counterclockwise else ring[::-1]


_KINDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "POINT": ("Point", _point),
    "MULTIPOINT": ("MultiPoint", _points),
    "LINESTRING": ("LineString", _line),
    "POLYGON": ("Polygon", _polygon),
    "MULTIPOLYGON": ("MultiPolygon", _polygons),
}
