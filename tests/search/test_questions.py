"""What people ask of the shipped data, and what has to be found first."""

from pathlib import Path

import pytest

from kmn_ld import releases
from kmn_ld.engine import TrustedStore
from kmn_ld.search import Index, Question, ask
from kmn_ld.vocab import BASE, PREFIXES

FIRST, AMONG_FIVE = 0.95, 0.99
QUESTIONS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("questions.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def named(shipped):
    """`org/slug` and `service/slug` of the source tables → IRIs."""
    store = TrustedStore.of_folder(shipped.path(releases.STORE))
    rows = store.rows(
        f"SELECT ?thing ?slug ?service {{ ?thing <{PREFIXES['skos']}notation> ?slug . "
        f"OPTIONAL {{ ?service <{PREFIXES['kmn']}providedBy> ?thing }} "
        f'FILTER(STRSTARTS(STR(?thing), "{BASE}id/org/") && !CONTAINS(STR(?thing), "#")) }}'
    )
    things = {f"org/{row['slug'].value}": row["thing"].value for row in rows}
    offered = {
        f"service/{row['slug'].value}": row["service"].value for row in rows if "service" in row
    }
    return things | offered


@pytest.fixture(scope="module")
def places(shipped, named):
    """Question → at which place what was expected came, 0 where it did not come at all."""
    index = Index(shipped.path(releases.SEARCH))
    found = {}
    for question, expected, _ in QUESTIONS:
        wanted = {named.get(one, f"{BASE}id/{one}") for one in expected.split("|")}
        iris = [hit.found.iri for hit in ask(index, Question(question)).hits]
        found[question] = next((n for n, iri in enumerate(iris, 1) if iri in wanted), 0)
    return found


def test_the_questions_are_many_and_of_every_kind():
    kinds = [kind for _, _, kind in QUESTIONS]
    assert len({question for question, _, _ in QUESTIONS}) == len(QUESTIONS) > 200
    for kind in ("typo", "abbreviation", "umlaut", "other script", "id", "language", "place"):
        assert kinds.count(kind) > 2


def test_all_that_is_expected_exists(shipped, named):
    things = set(shipped.path(releases.THINGS).read_text("utf-8").split())
    expected = {one for _, wanted, _ in QUESTIONS for one in wanted.split("|")}
    assert {one for one in expected if named.get(one, f"{BASE}id/{one}") not in things} == set()


def test_what_is_expected_is_found_first(places):
    missed = [question for question, place in places.items() if place != 1]
    assert 1 - len(missed) / len(places) >= FIRST, missed


def test_what_is_expected_is_among_the_first_five(places):
    missed = [question for question, place in places.items() if not 1 <= place <= 5]
    assert 1 - len(missed) / len(places) >= AMONG_FIVE, missed


def test_ids_umlauts_and_abbreviations_are_always_found_first(places):
    certain = [
        question for question, _, kind in QUESTIONS if kind in ("id", "umlaut", "abbreviation")
    ]
    assert [question for question in certain if places[question] != 1] == []
