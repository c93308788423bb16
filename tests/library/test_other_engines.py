"""The whole library through other engines: what docs/scaling.md says of it."""

import json
import re
from collections import Counter

import pytest

from kmn_ld import releases
from kmn_ld.build import Silent
from kmn_ld.build.pushing import push_release
from kmn_ld.config import Settings
from kmn_ld.engine import PublicQuery, open_engine
from kmn_ld.errors import QueryRefused
from tests import questions
from tests.engine.others import running
from tests.library.test_every_query import COLLECTED
from tests.questions import REPOSITORY

LIBRARY = questions.library()
VIRTUOSO = {
    "loses the value in OPTIONAL { VALUES … }, and so finds more": {
        "advice-centres-in-a-district",
        "changes-since",
        "coordination-on-a-day",
        "links-to-other-lists",
        "our-iri-for-an-identifier",
        "what-became-of",
    },
    "takes an unbound value for an empty text": {
        "funding-programmes",
        "identifiers-of-organisations",
        "rival-statements",
        "services-in-flat-rows",
    },
    "writes booleans, dates or outlines in another way": {
        "contact-data-of-organisations",
        "districts-of-a-pillar",
        "districts-with-coordination-office",
        "districts-without-a-known-office",
        "old-or-uncertain-records",
        "organisations-per-district",
    },
    "refuses a function": {
        "districts-around-a-point",
        "neighbours-of-a-district",
        "reachable-at-a-time",
    },
}
DIFFERENT = {"oxigraph": set(), "virtuoso": set().union(*VIRTUOSO.values())}
"""Engine → queries that it answers with other rows, or not at all."""
ROW = re.compile(r"\| (\d+) example queries with the same rows \| (\d+) \((\d+) .*?\) \| (\d+) \|")


def _rows(engine, name):
    """Return rows, values of a collecting cell in one order, or lines of triples."""
    query = PublicQuery(LIBRARY[name].text, ("json",), ("nt",))
    try:
        answer = engine.answer(query, "192.0.2.1")
    except QueryRefused as error:
        return error.key
    body = answer.body if answer.path is None else answer.path.read_bytes()
    if answer.form == "graph":
        return Counter(body.splitlines())
    rows = json.loads(body)["results"]["bindings"]
    return Counter(json.dumps(_told(row, COLLECTED.get(name, set()))) for row in rows)


def _told(row, columns):
    return sorted(
        (key, {**term, "value": sorted(term["value"].split(" | "))} if key in columns else term)
        for key, term in row.items()
    )


def _answers(settings, release):
    engine = open_engine(settings, release)
    try:
        return {name: _rows(engine, name) for name in LIBRARY}
    finally:
        engine.close()


@pytest.fixture(scope="module")
def inside(built):
    return _answers(Settings(query_seconds=60), releases.current(built))


@pytest.mark.parametrize("name", DIFFERENT)
def test_an_engine_answers_all_but_those_that_are_known_to_differ(
    name, built, inside, tmp_path_factory
):
    with running(name, tmp_path_factory.mktemp(name)) as other:
        settings = other.settings(releases=built, query_seconds=60)
        push_release(settings, Silent())
        answers = _answers(settings, releases.current(built))
    assert {query for query in LIBRARY if answers[query] != inside[query]} == DIFFERENT[name]


def test_the_page_for_operators_counts_the_same():
    text = (REPOSITORY / "docs" / "scaling.md").read_text("utf-8")
    counts = ROW.search(text)
    assert counts is not None
    alike = [len(LIBRARY) - len(DIFFERENT[name]) for name in ("oxigraph", "virtuoso")]
    assert [int(count) for count in counts.groups()] == [
        len(LIBRARY), alike[0], len(COLLECTED), alike[1],
    ]  # fmt: skip
