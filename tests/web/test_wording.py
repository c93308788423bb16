import pytest

from kmn_ld.describe import expand
from kmn_ld.engine.terms import Literal
from kmn_ld.messages import LANGUAGES
from kmn_ld.web import wording
from kmn_ld.web.wording import Wording, worded


def _in(app, language, value, datatype, by=""):
    with app.test_request_context(f"/?lang={language}"):
        return worded(Literal(value, "", expand(datatype)), expand(by) if by else "")


@pytest.mark.parametrize(
    ("value", "datatype", "texts", "machine"),
    [
        ("2026-03-04", "xsd:date", ("4. März 2026", "4 March 2026"), "2026-03-04"),
        ("2026-03-04Z", "xsd:date", ("4. März 2026", "4 March 2026"), "2026-03-04"),
        ("2026-11", "xsd:gYearMonth", ("November 2026", "November 2026"), "2026-11"),
        ("2000", "xsd:gYear", ("2000", "2000"), "2000"),
        (
            "2026-12-01T09:05:00Z",
            "xsd:dateTime",
            ("1. Dezember 2026, 09:05 Uhr (UTC)", "1 December 2026, 09:05 (UTC)"),
            "2026-12-01T09:05:00Z",
        ),
    ],
)
def test_dates_are_told_in_both_languages(app, value, datatype, texts, machine):
    told = tuple(_in(app, language, value, datatype) for language in LANGUAGES)
    assert told == tuple(Wording(text, "date", machine) for text in texts)


@pytest.mark.parametrize(
    ("value", "datatype", "german", "english"),
    [
        ("1157624", "xsd:integer", "1.157.624", "1,157,624"),
        ("2297.13", "xsd:decimal", "2.297,13", "2,297.13"),
        ("-0.50", "xsd:decimal", "−0,50", "−0.50"),
        ("+7", "xsd:integer", "7", "7"),
    ],
)
def test_quantities_have_the_marks_of_the_language(app, value, datatype, german, english):
    machine = value.removeprefix("+")
    assert _in(app, "de", value, datatype) == Wording(german, "number", machine)
    assert _in(app, "en", value, datatype) == Wording(english, "number", machine)


@pytest.mark.parametrize(
    ("value", "datatype", "by"),
    [
        ("03241", "xsd:string", "kmn:ags"),
        ("30159", "xsd:string", "locn:postCode"),
        ("2018", "xsd:gYear", ""),
        ("12345", "xsd:integer", "dcterms:identifier"),
        ("12345", "xsd:integer", "skos:notation"),
        ("1.0E3", "xsd:double", ""),
        ("tomorrow", "xsd:date", ""),
        ("2026-13-01", "xsd:date", ""),
    ],
)
def test_keys_years_and_what_cannot_be_read_stay_as_they_are(app, value, datatype, by):
    assert _in(app, "de", value, datatype, by).text == value


def test_truth_values_are_words(app):
    assert _in(app, "de", "true", "xsd:boolean") == Wording("ja")
    assert _in(app, "en", "false", "xsd:boolean") == Wording("no")


@pytest.mark.parametrize(
    ("value", "by", "machine"),
    [
        ("info@example.org", "cv:email", "mailto:info@example.org"),
        ("+49 000 (1) 2", "cv:telephone", "tel:+4900012"),
        ("a@example.org?cc=b@example.org", "cv:email", ""),
        ("javascript:alert(1)", "cv:email", ""),
        ("on request", "cv:telephone", ""),
    ],
)
def test_a_mailbox_and_a_telephone_number_are_links(app, value, by, machine):
    assert _in(app, "de", value, "xsd:string", by).machine == machine


@pytest.mark.parametrize(
    ("tag", "direction"),
    [("ar", "rtl"), ("fa-AF", "rtl"), ("AR", "rtl"), ("ar-Latn", "auto"), ("de", "auto")],
)
def test_languages_written_from_the_right_say_so(tag, direction):
    assert wording.direction(tag) == direction
