from pathlib import Path

import pytest

from kmn_ld import queries
from kmn_ld.messages import LANGUAGES, catalogue

LIBRARY = [
    queries.read_library(path)
    for path in queries.find(Path(__file__).parents[2] / "queries" / "examples")
]
NAMES = ("position", "pillarDe", "pillarEn", "noteDe", "Zen", "geometry")
THINGS = ("pillar", "pillarDe", "pillarEn", "office", "officeName", "seatName")


@pytest.mark.parametrize(("language", "best"), [("de", "pillarDe"), ("en", "pillarEn")])
def test_a_pair_of_columns_is_one_in_the_language_of_the_reader(language, best):
    columns = queries.columns_for(NAMES, language)
    assert [column.name for column in columns] == ["position", "pillar", "noteDe", "Zen"]
    assert columns[1].sources[0] == best


def test_a_text_that_is_missing_in_a_language_is_shown_in_the_other():
    column = queries.columns_for(NAMES, "en")[1]
    assert column.value({"pillarDe": "Säule"}) == "Säule"
    assert column.value({}) is None


def test_a_thing_and_its_name_are_one_column_that_shows_the_name():
    columns = queries.columns_for(THINGS, "en")
    assert [(column.name, column.thing) for column in columns] == [
        ("pillar", "pillar"),
        ("office", "office"),
        ("seatName", ""),
    ]
    row = {"pillar": "iri", "pillarDe": "Säule", "pillarEn": "pillar"}
    assert columns[0].value(row) == "pillar"
    assert columns[0].value({"pillar": "iri"}) == "iri"
    assert columns[1].value({"office": "iri", "officeName": "Amt"}) == "Amt"


def test_the_order_of_the_variables_does_not_matter():
    columns = queries.columns_for(tuple(reversed(THINGS)), "en")
    assert {column.name for column in columns} == {"pillar", "office", "seatName"}


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("pillar", ("pillarDe", "pillarEn")),
        ("pillarEn", ("pillarEn",)),
        ("officeName", ("officeName",)),
        ("office", ("officeName",)),
    ],
)
def test_a_view_names_a_column_or_a_variable(name, sources):
    assert queries.column_named(name, THINGS, "de").sources == sources


def test_a_column_that_the_result_lacks_is_none():
    assert queries.column_named("size", THINGS, "de") is None


def test_a_heading_without_words_in_the_catalogue_is_its_name_taken_apart():
    assert queries.Column("neverNamedThis2", ()).label("de") == "never named this 2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_of_the_library_has_words(language):
    named = {
        column.name for query in LIBRARY for column in queries.columns_for(query.columns, language)
    }
    assert len(named) > 100
    assert sorted(named - set(catalogue(language)["library_columns"])) == []


def test_every_word_for_a_heading_is_used():
    variables = {name for query in LIBRARY for name in query.columns}
    used = variables | {name[:-2] for name in variables if name.endswith(("De", "En"))}
    assert sorted(set(catalogue("de")["library_columns"]) - used) == []
