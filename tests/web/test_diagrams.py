import pytest

from kmn_ld.describe import Module, TermDescription, Value
from kmn_ld.describe.rules import Rule
from kmn_ld.describe.terms import Field
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.vocab import PREFIXES
from kmn_ld.web.diagrams import diagram

KMN = PREFIXES["kmn"]


def _value(short):
    prefix, _, local = short.partition(":")
    return Value(Iri(PREFIXES[prefix] + local), (Literal(local.lower(), "de"),))


def _term(local, kind, *, domain=(), values=(), broader=()):
    return TermDescription(
        iri=KMN + local,
        kind=kind,
        names=(Literal(local.lower(), "de"),),
        domain=tuple(map(_value, domain)),
        range=tuple(map(_value, values)),
        broader=tuple(map(_value, broader)),
    )


RULE = Rule("", (), (), "violation", "", (), (), ())
TERMS = (
    _term("Net", "class", broader=["org:Organization"]),
    _term("Goal", "class"),
    _term("aims", "object-property", domain=["kmn:Net"], values=["kmn:Goal"]),
    _term("seeks", "object-property", domain=["kmn:Net"], values=["kmn:Goal"]),
    _term("size", "datatype-property", domain=["kmn:Net"], values=["xsd:integer"]),
    _term("free", "object-property", values=["kmn:Goal"]),
    _term("loose", "object-property"),
)


@pytest.fixture
def drawn(app):
    with app.test_request_context("/?lang=de"):
        return diagram(Module("", (), (), TERMS))


def _overlap(one, two):
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


def test_no_box_lies_over_another_and_all_lie_inside(drawn):
    boxes = drawn.boxes
    pairs = [(one, two) for n, one in enumerate(boxes) for two in boxes[n + 1 :]]
    assert len(boxes) == 6
    assert [pair for pair in pairs if _overlap(*pair)] == []
    assert max(box.x + box.width for box in boxes) <= drawn.width
    assert max(box.y + box.height for box in boxes) <= drawn.height


def test_the_class_with_most_to_say_comes_first_and_holds_its_literals(drawn):
    first = drawn.boxes[0]
    assert (first.name, first.code, first.kind) == ("net", "kmn:Net", "own")
    assert [text for _, text in first.literals] == ["size: xsd:integer"]


def test_neighbouring_links_to_one_class_share_its_box(drawn):
    right = [box for box in drawn.boxes if box.x > 1]
    assert [(box.code, box.kind) for box in right[:2]] == [
        ("org:Organization", "reused"),
        ("kmn:Goal", "own"),
    ]
    inside = [
        arrow for arrow in drawn.arrows if right[1].y < arrow.y < right[1].y + right[1].height
    ]
    assert [arrow.code for arrow in inside] == ["aims", "seeks"]
    assert [arrow.is_superclass for arrow in drawn.arrows] == [True, False, False, False]


def test_a_class_of_others_is_drawn_with_what_rules_name_for_it(app):
    def field(short, values, is_link):
        return Field(_value(short), tuple(map(_value, values)), is_link, "0", "", RULE)

    fields = (
        field("cv:openingHours", ["time:TemporalEntity"], is_link=True),
        field("dcterms:date", ["xsd:date"], is_link=False),
        field("prov:hadPrimarySource", ["foaf:Document"], is_link=True),
        field("kmn:atSite", ["org:Site"], is_link=True),
    )
    channel = TermDescription(PREFIXES["cv"] + "Channel", "class", (), fields=fields)
    with app.test_request_context("/?lang=de"):
        drawn = diagram(Module("", (), (), (), (channel,)))
    assert [arrow.code for arrow in drawn.arrows] == ["cv:openingHours"]
    assert [text for _, text in drawn.boxes[0].literals] == ["dcterms:date: xsd:date"]


def test_what_any_resource_may_have_leads_from_a_box_for_that(drawn):
    assert "any" in {box.kind for box in drawn.boxes}


def test_the_picture_is_told_in_words(drawn):
    assert drawn.sentences[0] == (
        "net: Unterklasse von → organization; aims → goal; seeks → goal; size: xsd:integer."
    )


def test_a_module_without_anything_to_draw_has_no_picture(app):
    with app.test_request_context("/"):
        assert diagram(Module("", (), (), TERMS[-1:])) is None
