import json

from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.vocab import PREFIXES
from kmn_ld.web.library.geojson import write_geojson

XSD = PREFIXES["xsd"]


def test_each_row_is_a_feature_with_its_values_as_properties():
    row = {
        "geometry": Literal("POINT (8 52)"),
        "thing": Iri("https://example.org/a"),
        "name": Literal("Grüße", "de"),
        "count": Literal("7", datatype=XSD + "integer"),
        "share": Literal("0.5", datatype=XSD + "decimal"),
        "bad": Literal("INF", datatype=XSD + "double"),
        "large": Literal("9007199254740993", datatype=XSD + "integer"),
        "is": Literal("true", datatype=XSD + "boolean"),
    }
    columns = ["thing", "name", "count", "share", "bad", "large", "is", "none", "geometry"]
    written = json.loads(write_geojson(columns, [row]))
    assert written["type"] == "FeatureCollection"
    assert written["features"] == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [8.0, 52.0]},
            "properties": {
                "thing": "https://example.org/a",
                "name": "Grüße",
                "count": 7,
                "share": 0.5,
                "bad": "INF",
                "large": "9007199254740993",
                "is": True,
                "none": None,
            },
        }
    ]


def test_a_row_without_a_geometry_has_none():
    """RFC 7946, 3.2: the value of geometry is null where a feature has no place."""
    rows = [{"geometry": Literal("no place")}, {}]
    features = json.loads(write_geojson(["geometry"], rows))["features"]
    assert [feature["geometry"] for feature in features] == [None, None]
