import pytest

from kmn_ld.vocab import BASE
from kmn_ld.web import links


@pytest.mark.parametrize(
    ("iri", "target"),
    [
        (f"{BASE}id/org/k7x2qf96", "/doc/org/k7x2qf96"),
        (f"{BASE}id/org/k7x2qf96#contact", "/doc/org/k7x2qf96#contact"),
        (f"{BASE}id/network", "/doc/network"),
        (f"{BASE}def#Pillar", "/def#Pillar"),
        (f"{BASE}graph/network", "/graph/network"),
        (f"{BASE}catalog?x=ü", "/catalog?x=%C3%BC"),
        ("https://example.org/a", "https://example.org/a"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:+49000", "tel:+49000"),
        ("javascript:alert(1)", ""),
        ("JAVASCRIPT:alert(1)", ""),
        ("data:text/html,x", ""),
        ("urn:uuid:x", ""),
    ],
)
def test_ours_become_paths_and_only_harmless_others_links(app, iri, target):
    with app.test_request_context("/"):
        assert links.href(iri) == target


@pytest.mark.parametrize(
    ("iri", "shown"),
    [
        ("http://www.w3.org/ns/org#unitOf", "org:unitOf"),
        (f"{BASE}def#Pillar", "kmn:Pillar"),
        ("https://example.org/a", "https://example.org/a"),
        ("https://schema.org/a/b", "https://schema.org/a/b"),
    ],
)
def test_iris_are_shown_with_a_prefix_where_one_fits(iri, shown):
    assert links.short(iri) == shown


@pytest.mark.parametrize(
    ("iri", "text"),
    [
        (f"{BASE}id/district/03351", "district/03351"),
        (f"{BASE}def#Pillar", "kmn:Pillar"),
        ("https://example.org/a", "https://example.org/a"),
    ],
)
def test_a_cell_has_room_for_the_path_of_a_thing_of_ours(iri, text):
    assert links.brief(iri) == text
