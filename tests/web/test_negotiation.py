import pytest

from kmn_ld.errors import NotAcceptable
from kmn_ld.formats import GRAPHS, SOLUTIONS
from kmn_ld.web import negotiation

DOCUMENT = ("ttl", "trig", "nt", "jsonld", "rdf", "html")
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB = (
    "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, "
    "application/n-triples;q=0.5, */*;q=0.1"
)


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        (None, DOCUMENT, "ttl"),
        ("", DOCUMENT, "ttl"),
        ("*/*", DOCUMENT, "ttl"),
        ("*/*;q=0.1", DOCUMENT, "ttl"),
        ("*", DOCUMENT, "ttl"),
        (FIREFOX, DOCUMENT, "html"),
        (RDFLIB, DOCUMENT, "ttl"),
        ("text/html", DOCUMENT, "html"),
        ("TEXT/HTML", DOCUMENT, "html"),
        ("application/xhtml+xml", DOCUMENT, "html"),
        ("text/turtle", DOCUMENT, "ttl"),
        ("text/turtle;charset=utf-8", DOCUMENT, "ttl"),
        ("text/turtle; charset=UTF-8; q=0.3, application/trig;q=0.2", DOCUMENT, "ttl"),
        ("application/trig;q=0.4, text/turtle;q=0.3", DOCUMENT, "trig"),
        ("application/ld+json", DOCUMENT, "jsonld"),
        ('application/ld+json;profile="http://a/,b;c"', DOCUMENT, "jsonld"),
        ("application/rdf+xml", DOCUMENT, "rdf"),
        ("application/xml", DOCUMENT, "rdf"),
        ("text/plain", DOCUMENT, "nt"),
        ("text/*", DOCUMENT, "ttl"),
        ("application/*", DOCUMENT, "trig"),
        ("text/turtle;q=0, */*", DOCUMENT, "trig"),
        ("text/*;q=0, */*", DOCUMENT, "trig"),
        ("text/turtle;q=0.5, text/*;q=0.9", DOCUMENT, "html"),
        ("application/rdf+xml, */*", DOCUMENT, "rdf"),
        ("application/n-triples, application/ld+json", DOCUMENT, "nt"),
        ("image/png, text/turtle;q=0.001", DOCUMENT, "ttl"),
        ("text/turtle;q=1.5, application/trig;q=0.1", DOCUMENT, "trig"),
        (", ,text/html,,", DOCUMENT, "html"),
        ("nonsense", DOCUMENT, "ttl"),
        (None, SOLUTIONS, "json"),
        ("application/json", SOLUTIONS, "json"),
        ("application/sparql-results+xml", SOLUTIONS, "xml"),
        ("text/csv;q=0.9, text/tab-separated-values", SOLUTIONS, "tsv"),
        ("text/*", SOLUTIONS, "csv"),
        (None, GRAPHS, "ttl"),
        ("application/n-quads", GRAPHS, "nq"),
        (None, ("html",), "html"),
        ("*/*", ("html",), "html"),
    ],
)
def test_accept_header_leads_to_format(accept, offered, chosen):
    assert negotiation.choose(accept, offered) == chosen


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/turtle;q=0, text/html;q=0.0", "*/*;q=0", "application/pdf, */*;q=0"],
)
def test_what_is_not_offered_is_not_acceptable_and_the_offer_is_listed(accept):
    with pytest.raises(NotAcceptable) as caught:
        negotiation.choose(accept, ("ttl", "html"))
    assert caught.value.details["offered"] == "text/turtle, text/html"


def test_refused_formats_are_no_preferences():
    assert negotiation.preferences("*/*, text/csv;q=0", SOLUTIONS) == ("json", "xml", "tsv")


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (FIREFOX, True),
        ("text/html", True),
        ("text/html;q=0.5, text/turtle", False),
        ("text/turtle;q=0.5, text/html", True),
        ("*/*", False),
        ("text/*", False),
        (None, False),
        ("text/html;q=0", False),
    ],
)
def test_only_who_asks_for_html_gets_errors_as_pages(accept, is_page):
    assert negotiation.prefers_page(accept) is is_page


@pytest.mark.parametrize(
    ("suffix", "chosen"),
    [("ttl", "ttl"), ("html", "html"), ("rdf", "rdf"), ("csv", None), ("TTL", None), ("", None)],
)
def test_suffix_leads_to_format_among_those_offered(suffix, chosen):
    assert negotiation.by_suffix(suffix, DOCUMENT) == chosen


def test_a_long_hostile_header_costs_little_and_gives_the_default():
    assert negotiation.preferences('"' * 100_000, DOCUMENT) == DOCUMENT


def test_memory_for_headers_is_bounded():
    negotiation.preferences("text/html," * 1000 + "a/b", DOCUMENT)
    negotiation.preferences("text/html," * 1000 + "c/d", DOCUMENT)
    assert negotiation._preferences.cache_info().maxsize == 1024
    assert negotiation._preferences.cache_info().hits >= 1
