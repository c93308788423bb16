import pytest

from kmn_ld.describe import expand
from kmn_ld.engine.terms import Literal
from kmn_ld.web.overviews import LINKS, overview

NAMES = {
    expand(short): (Literal(short.partition(":")[2], "de"),) for link in LINKS for short in link
}


@pytest.fixture
def drawn(app):
    with app.test_request_context("/?lang=de"):
        return overview(NAMES)


def test_each_link_is_drawn_and_told_in_a_sentence(drawn):
    assert len(drawn.leads) == len(drawn.sentences) == len(LINKS)
    assert drawn.sentences[0] == "Network → Pillar: hasPillar (kmn:hasPillar)"


def test_boxes_stand_apart_inside_the_picture(drawn):
    corners = [(place.x, place.y) for place in drawn.places]
    assert len(set(corners)) == len(corners) == 9
    assert max(x for x, _ in corners) + 190 < drawn.width
    assert max(y for _, y in corners) + 52 < drawn.height


def test_no_line_crosses_a_box(drawn):
    """The middle of a line is in none; lines lead between neighbours only."""
    inside = [
        (lead.code, place.code)
        for lead in drawn.leads
        for place in drawn.places
        if place.x < lead.middle[0] < place.x + 190 and place.y < lead.middle[1] < place.y + 52
    ]
    assert inside == []


def test_own_and_reused_classes_look_different(drawn):
    kinds = {place.code: place.kind for place in drawn.places}
    assert (kinds["kmn:Pillar"], kinds["cv:Channel"]) == ("own", "reused")


def test_without_an_entry_for_each_class_there_is_no_picture(app):
    with app.test_request_context("/?lang=de"):
        assert overview({}) is None


def test_a_property_without_a_name_is_called_by_its_short_one(app):
    names = dict.fromkeys(NAMES, ())
    with app.test_request_context("/?lang=de"):
        assert overview(names).leads[0].name == "kmn:hasPillar"
