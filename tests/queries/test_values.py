import pytest

from kmn_ld.queries import TYPES
from kmn_ld.vocab import BASE, PREFIXES


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("iri", "https://example.org/a", "https://example.org/a"),
        ("iri", "kmn:inPillar", PREFIXES["kmn"] + "inPillar"),
        ("iri", "district/03351", f"{BASE}id/district/03351"),
        ("iri", f"{BASE}id/district/03351", f"{BASE}id/district/03351"),
        ("string", '"} DROP ALL #', '"} DROP ALL #'),
        ("date", "2026-03-01", "2026-03-01"),
        ("time", "09:30", "09:30:00"),
        ("integer", "-19", "-19"),
        ("natural", "0", "0"),
        ("point", "point ( 8.2  53.14 )", "POINT(8.2 53.14)"),
    ],
)
def test_a_value_is_read_into_its_lexical_form(kind, text, value):
    assert TYPES[kind].read(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("iri", "Celle"),
        ("iri", "https://example.org/> } DROP ALL #"),
        ("iri", "https://example.org/a b"),
        ("date", "1 March 2026"),
        ("date", "2026-02-30"),
        ("time", "25:00"),
        ("integer", "1.5"),
        ("integer", "1 } DROP ALL"),
        ("integer", "١"),
        ("natural", "-5"),
        ("point", "53.14, 8.2"),
        ("point", "POINT(8.2 91)"),
    ],
)
def test_what_is_no_value_of_a_type_is_refused(kind, text):
    with pytest.raises(ValueError, match=r"."):
        TYPES[kind].read(text)


def test_the_example_of_each_type_is_a_value_of_it():
    assert {kind.name: kind.read(kind.example) for kind in TYPES.values()} == {
        kind.name: kind.example for kind in TYPES.values()
    }
