"""Compares the outlines of the districts with an independent source (decision D15)."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from kmn_ld import turtle
from kmn_ld.vocab import BASE, PREFIXES

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT.parent / "shared" / "facts" / "districts.geojson"
GEO = Namespace(PREFIXES["geo"])
KM_PER_DEGREE = 111.2
BREMEN_IN_KM2 = 316.8

Point = tuple[float, float]
Ring = list[Point]
Polygons = list[list[Ring]]

needs_reference = pytest.mark.skipif(
    not REFERENCE.exists(), reason="the independent outlines lie beside the repository only"
)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """AGS → WKT of all district files."""
    found = {}
    for path in sorted((ROOT / "data" / "districts").glob("*.ttl")):
        graph = turtle.parse(turtle.read_text(path), path)
        outline = URIRef(f"{BASE}id/district/{path.stem}#geometry")
        value = graph.value(outline, GEO.asWKT, any=False)
        assert isinstance(value, Literal), f"{path.name} has no outline"
        assert value.datatype == GEO.wktLiteral
        assert_is_linked(graph, outline)
        found[path.stem] = str(value)
    return found


def assert_is_linked(graph: Graph, outline: URIRef) -> None:
    assert list(graph.subjects(GEO.hasGeometry, outline)) == [URIRef(outline.split("#")[0])]


@pytest.fixture(scope="module")
def outlines(texts: dict[str, str]) -> dict[str, Polygons]:
    return {ags: polygons_of(text) for ags, text in texts.items()}


@pytest.fixture(scope="module")
def reference() -> dict[str, Polygons]:
    features = json.loads(REFERENCE.read_text("utf-8"))["features"]
    return {f["properties"]["ags"]: geojson_polygons(f["geometry"]) for f in features}


def polygons_of(wkt: str) -> Polygons:
    """Return the rings of a POLYGON or MULTIPOLYGON."""
    kind, _, body = wkt.partition(" ")
    parts = re.findall(r"\((\([^()]*\)(?:, \([^()]*\))*)\)", body)
    assert kind in ("POLYGON", "MULTIPOLYGON")
    assert kind == "MULTIPOLYGON" or len(parts) == 1
    return [[ring_of(ring) for ring in re.findall(r"\(([^()]*)\)", part)] for part in parts]


def ring_of(text: str) -> Ring:
    pairs = (position.split(" ") for position in text.split(", "))
    return [(float(lon), float(lat)) for lon, lat in pairs]


def geojson_polygons(geometry: dict) -> Polygons:
    parts = geometry["coordinates"]
    parts = [parts] if geometry["type"] == "Polygon" else parts
    return [[[(lon, lat) for lon, lat in ring] for ring in part] for part in parts]


def signed_area(ring: Ring) -> float:
    """Return km² on a sphere cut flat at the ring's latitude; above zero is counter-clockwise."""
    scale = KM_PER_DEGREE**2 * math.cos(math.radians(ring[0][1]))
    return scale * sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def area(polygons: Polygons) -> float:
    return sum(abs(signed_area(rings[0])) - sum_of_holes(rings) for rings in polygons)


def sum_of_holes(rings: list[Ring]) -> float:
    return sum(abs(signed_area(ring)) for ring in rings[1:])


def edges(polygons: Polygons) -> Iterable[tuple[Point, Point]]:
    return (edge for rings in polygons for ring in rings for edge in pairwise(ring))


def crossing_pairs(ring: Ring) -> list[tuple[int, int]]:
    """Return the pairs of edges of a ring that cross; neighbours share an end and do not count."""
    edge_list = list(pairwise(ring))
    last = len(edge_list) - 1
    return [
        (a, b)
        for a, b in combinations(range(len(edge_list)), 2)
        if b - a > 1 and (a, b) != (0, last) and cross(edge_list[a], edge_list[b])
    ]


def cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    return turn(*one, other[0]) * turn(*one, other[1]) < 0 and (
        turn(*other, one[0]) * turn(*other, one[1]) < 0
    )


def turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def neighbours(outlines: dict[str, Polygons]) -> set[tuple[str, str]]:
    """Return the pairs of districts that share an edge."""
    owners = defaultdict(set)
    for ags, polygons in outlines.items():
        for edge in edges(polygons):
            owners[frozenset(edge)].add(ags)
    return {(min(pair), max(pair)) for pair in owners.values() if len(pair) == 2}


def outer_edges(outlines: dict[str, Polygons]) -> list[tuple[Point, Point]]:
    """Return the edges that belong to one district alone: the outline of the state."""
    counts: dict[frozenset[Point], list[tuple[Point, Point]]] = defaultdict(list)
    for polygons in outlines.values():
        for edge in edges(polygons):
            counts[frozenset(edge)].append(edge)
    return [found[0] for found in counts.values() if len(found) == 1]


def chained(edge_list: list[tuple[Point, Point]]) -> list[Ring]:
    """Return the rings that directed edges form."""
    following = dict(edge_list)
    assert len(following) == len(edge_list)
    rings = []
    while following:
        ring = list(following.popitem())
        while ring[-1] != ring[0]:
            ring.append(following.pop(ring[-1]))
        rings.append(ring)
    return rings


def test_every_district_has_an_outline(texts: dict[str, str]) -> None:
    assert len(texts) == 45


def test_outlines_are_small_enough_for_a_map(texts: dict[str, str]) -> None:
    assert sum(map(len, texts.values())) < 85_000


def test_rings_are_closed_and_turn_the_right_way(outlines: dict[str, Polygons]) -> None:
    rings = [(n, ring) for parts in outlines.values() for p in parts for n, ring in enumerate(p)]
    assert len(rings) >= 45
    assert [ring for _, ring in rings if ring[0] != ring[-1] or len(ring) < 4] == []
    assert [ring for n, ring in rings if (signed_area(ring) > 0) is not (n == 0)] == []


def test_no_ring_crosses_itself(outlines: dict[str, Polygons]) -> None:
    rings = [ring for parts in outlines.values() for part in parts for ring in part]
    assert len(rings) >= 45
    assert [crossing_pairs(ring) for ring in rings if crossing_pairs(ring)] == []


def test_positions_lie_in_lower_saxony(outlines: dict[str, Polygons]) -> None:
    points = [start for parts in outlines.values() for start, _ in edges(parts)]
    assert 6.6 < min(lon for lon, _ in points) < max(lon for lon, _ in points) < 11.7
    assert 51.2 < min(lat for _, lat in points) < max(lat for _, lat in points) < 54.0


def test_bremen_is_the_one_hole_of_the_state(outlines: dict[str, Polygons]) -> None:
    holes = [r for r in chained(outer_edges(outlines)) if signed_area(r) < 0]
    assert len(holes) == 1
    assert abs(signed_area(holes[0])) == pytest.approx(BREMEN_IN_KM2, rel=0.07)


@needs_reference
def test_areas_agree_with_the_independent_source(
    outlines: dict[str, Polygons], reference: dict[str, Polygons]
) -> None:
    ratios = {ags: area(outlines[ags]) / area(reference[ags]) for ags in reference}
    assert len(ratios) == 45
    assert {ags: ratio for ags, ratio in ratios.items() if abs(ratio - 1) > 0.07} == {}


@needs_reference
def test_neighbours_agree_with_the_independent_source(
    outlines: dict[str, Polygons], reference: dict[str, Polygons]
) -> None:
    expected = neighbours(reference)
    assert len(expected) == 99
    assert neighbours(outlines) == expected
