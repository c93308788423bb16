"""Writes rows with a geometry as GeoJSON (RFC 7946)."""

import json
from collections.abc import Mapping, Sequence

from kmn_ld.engine.terms import Literal, Term
from kmn_ld.queries import GEOMETRY
from kmn_ld.vocab import PREFIXES
from kmn_ld.web.library.rows import Row, number
from kmn_ld.web.library.wkt import parse_wkt

_BOOLEAN = PREFIXES["xsd"] + "boolean"
_EXACT = 2**53
"""Below it every whole number has a double of its own (RFC 8259, 6)."""


def write_geojson(
    columns: Sequence[str], rows: Sequence[Row], members: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """Return a feature collection: a feature for each row, its other columns as properties.

    A row without a geometry, or with a text that is none, has the geometry null (3.2); a cell
    without a value has the value null. `members` are foreign members of the collection (6.1).
    """
    names = [name for name in columns if name != GEOMETRY]
    features = [
        {
            "type": "Feature",
            "geometry": parse_wkt(row[GEOMETRY].value) if GEOMETRY in row else None,
            "properties": {name: _plain(row.get(name)) for name in names},
        }
        for row in rows
    ]
    collection = {"type": "FeatureCollection", **(members or {}), "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(term: Term | None) -> str | int | float | bool | None:
    if term is None:
        return None
    if isinstance(term, Literal) and term.datatype == _BOOLEAN:
        return term.value in ("true", "1")
    value = number(term)
    if value is None or abs(value) >= _EXACT:
        return term.value
    return int(value) if value.is_integer() else value
