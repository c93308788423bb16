import pytest

from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import create_app
from kmn_ld.web.library.maps import draw_map, lay_out
from kmn_ld.web.library.wkt import parse_wkt

COLUMNS = ("thing", "nameDe", "nameEn", "count", "geometry")


@pytest.fixture(autouse=True)
def asked(settings, engine):
    with create_app(settings, engine=engine).test_request_context("/?lang=en"):
        yield


HTML = {"Accept": "text/html"}


def row(place, count):
    west = 8 + place
    outline = f"POLYGON (({west} 52, {west + 1} 52, {west + 1} 53, {west} 52))"
    return {
        "thing": Iri("https://example.org/a"),
        "nameDe": Literal("Ort", "de"),
        "nameEn": Literal(f"place {place}", "en"),
        "count": Literal(str(count), datatype=PREFIXES["xsd"] + "integer"),
        "geometry": Literal(outline),
    }


def test_outlines_are_shaded_by_the_first_column_of_numbers():
    drawn = draw_map(COLUMNS, [row(0, 1), row(1, 5), row(2, 9)], "en")
    assert drawn.measure == "count"
    assert [(shape.value, shape.shade) for shape in drawn.shapes] == [("1", 0), ("5", 2), ("9", 4)]
    assert drawn.legend == ((0, "1", "1"), (2, "5", "5"), (4, "9", "9"))
    assert drawn.shapes[0].title == "name: place 0; count: 1"
    assert drawn.shapes[0].path.startswith("M12 ")
    assert all(0 <= shape.x <= drawn.width and 0 <= shape.y <= drawn.height
               for shape in drawn.shapes)  # fmt: skip


def test_outlines_of_neighbours_meet_in_the_same_points():
    left = parse_wkt("POLYGON ((8 52, 9.123456 52.2, 9.3 53.1, 8 52))")
    right = parse_wkt("POLYGON ((9.123456 52.2, 10 52, 9.3 53.1, 9.123456 52.2))")
    first, second = (outline.rings[0] for outline in lay_out([left, right]).outlines)
    shared = set(map(tuple, first)) & set(map(tuple, second))
    assert len(shared) == 2


def test_a_path_is_the_steps_from_point_to_point():
    square = parse_wkt("POLYGON ((8 0, 9 0, 9 1, 8 1, 8 0))")
    assert lay_out([square]).outlines[0].path == "M12 708l696 0 0 -696 -696 0 0 696"


def test_many_values_fall_into_five_classes():
    drawn = draw_map(COLUMNS, [row(place, place) for place in range(40)], "en")
    assert [entry[0] for entry in drawn.legend] == [0, 1, 2, 3, 4]
    assert drawn.legend[0] == (0, "0", "7")


def test_a_large_value_stands_out_among_many_small_ones():
    counts = [0] * 20 + [1] * 10 + [2, 3, 4, 6, 17]
    drawn = draw_map(COLUMNS, [row(place, count) for place, count in enumerate(counts)], "de")
    assert [entry[1:] for entry in drawn.legend] == [
        ("0", "0"), ("1", "1"), ("2", "3"), ("4", "4"), ("6", "17"),
    ]  # fmt: skip


def test_large_numbers_are_written_out():
    drawn = draw_map(COLUMNS, [row(0, 1157624), row(1, 5)], "en")
    assert [shape.value for shape in drawn.shapes] == ["1,157,624", "5"]
    assert drawn.legend[-1] == (4, "1,157,624", "1,157,624")


def test_a_number_that_is_the_same_in_all_rows_of_a_place_shades_it():
    drawn = draw_map(COLUMNS, [row(0, 2), row(0, 2), row(1, 0)], "en")
    assert drawn.measure == "count"
    assert [shape.value for shape in drawn.shapes] == ["2", "2", "0"]


def test_of_a_place_with_several_rows_no_number_is_shown():
    drawn = draw_map(COLUMNS, [row(0, 1), row(0, 2)], "de")
    assert (drawn.measure, drawn.legend) == ("", ())
    assert [(shape.value, shape.shade) for shape in drawn.shapes] == [("", None)] * 2


def test_districts_with_a_coordination_office_have_another_colour_than_those_without(reader):
    page = reader.get("/queries/districts-with-coordination-office?lang=en", headers=HTML).text
    picture = page.partition('<svg role="img"')[2].partition("</figure>")[0]
    assert "Numbers and shades: known offices." in picture
    assert 'class="shade-0"' in picture
    assert 'class="shade-4"' in picture
    assert 'class="plain"' not in picture


def test_a_point_is_a_circle_above_the_outlines():
    point = row(0, 3) | {"geometry": Literal("POINT (8.5 52.5)")}
    drawn = draw_map(COLUMNS, [point, row(0, 1)], "de")
    assert [bool(shape.path) for shape in drawn.shapes] == [True, False]


def test_a_single_point_has_a_map_around_it():
    drawn = draw_map(("geometry",), [{"geometry": Literal("POINT (8.5 52.5)")}], "de")
    assert drawn.height > 100


def test_without_a_geometry_there_is_no_map():
    assert draw_map(COLUMNS, [row(0, 1) | {"geometry": Literal("here")}, {}], "de") is None
