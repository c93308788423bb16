from time import process_time

import pytest

from kmn_ld.web.library.wkt import parse_wkt

SQUARE = [[8.0, 52.0], [9.0, 52.0], [9.0, 53.0], [8.0, 52.0]]


@pytest.mark.parametrize(
    ("text", "kind", "coordinates"),
    [
        ("POINT(8.2 53.14)", "Point", [8.2, 53.14]),
        ("point ( 8 53 )", "Point", [8.0, 53.0]),
        ("LINESTRING (8 52, 9 53)", "LineString", [[8.0, 52.0], [9.0, 53.0]]),
        ("MULTIPOINT ((8 52), (9 53))", "MultiPoint", [[8.0, 52.0], [9.0, 53.0]]),
        ("MULTIPOINT (8 52, 9 53)", "MultiPoint", [[8.0, 52.0], [9.0, 53.0]]),
        ("POLYGON ((8 52, 9 52, 9 53, 8 52))", "Polygon", [SQUARE]),
        ("MULTIPOLYGON (((8 52, 9 52, 9 53, 8 52)))", "MultiPolygon", [[SQUARE]]),
        (
            "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (1e1 -5.)",
            "Point",
            [10.0, -5.0],
        ),
    ],
)
def test_a_geometry_is_read(text, kind, coordinates):
    assert parse_wkt(text) == {"type": kind, "coordinates": coordinates}


def test_outer_rings_turn_counterclockwise_and_holes_clockwise():
    """RFC 7946, 3.1.6."""
    ring = "(8 52, 9 53, 9 52, 8 52)"
    outer, hole = parse_wkt(f"POLYGON ({ring}, {ring})")["coordinates"]
    assert outer == SQUARE
    assert hole == SQUARE[::-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POINT",
        "POINT EMPTY",
        "POINT (8)",
        "POINT (8 52 1)",
        "POINT (8 52",
        "POINT (800 52)",
        "POINT (8 52, 9 53)",
        "POLYGON ((8 52, 9 52, 9 53, 8 53))",
        "POLYGON ((8 52, 9 52, 8 52))",
        "POLYGON (8 52, 9 52, 9 53, 8 52)",
        "POLYGON ()",
        "CIRCLE (8 52)",
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (52 8)",
        'POINT (8 52) <script>alert("x")</script>',
        "POINT " + "(8 52," * 5000 + "8 52" + ")" * 5000,
        "POINT " + "(" * 5000 + "8 52" + ")" * 5000,
    ],
)
def test_what_is_no_geometry_known_here_is_none(text):
    assert parse_wkt(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1." + "1" * 100_000,
        "1e" + "1" * 100_000,
        "1" + " " * 100_000,
        "1 " + "1" * 100_000,
        "1 " * 100_000,
    ],
    ids=lambda text: f"{text[:3]}…{text[-1]}",
)
def test_the_time_for_a_text_grows_with_its_length_alone(text):
    """With backtracking a hundredth of these digits took seconds."""
    before = process_time()
    assert parse_wkt(f"POINT ({text})") is None
    assert process_time() - before < 2
