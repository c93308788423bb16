"""Names the functions that the engine inside has beyond those of SPARQL 1.1 (GeoSPARQL)."""

from kmn_ld.vocab import GEO_FUNCTIONS

_SIMPLE_FEATURES = ("Contains", "Crosses", "Disjoint", "Equals", "Intersects", "Overlaps")
_EGENHOFER = ("Contains", "CoveredBy", "Covers", "Disjoint", "Equals", "Inside", "Meet", "Overlap")
_REGIONS = ("dc", "ec", "eq", "ntpp", "ntppi", "po", "tpp", "tppi")
_OF_A_GEOMETRY = (
    *("asGeoJSON", "centroid", "convexHull", "coordinateDimension", "dimension", "distance"),
    *("envelope", "getSRID", "isEmpty", "isSimple", "length", "perimeter", "spatialDimension"),
)

EXTENSION_FUNCTIONS = tuple(
    GEO_FUNCTIONS + name
    for name in (
        *_OF_A_GEOMETRY,
        *(f"sf{name}" for name in (*_SIMPLE_FEATURES, "Touches", "Within")),
        *(f"eh{name}" for name in _EGENHOFER),
        *(f"rcc8{name}" for name in _REGIONS),
    )
)
"""IRIs of the extension functions; `distance` takes a unit as its third argument."""
