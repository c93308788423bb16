from pathlib import Path

import pytest

from kmn_ld import queries
from kmn_ld.errors import QueryFileError

LIBRARY = Path(__file__).parents[2] / "queries" / "examples"
HEADER = """#+ title: T
#+ title@de: D
#+ summary: S
#+ summary@de: E
#+ returns: day, weekday, label, pillar, pillarDe, pillarEn, count, geometry
"""


def read(tmp_path, more):
    path = tmp_path / "q.rq"
    path.write_text(HEADER + more, encoding="utf-8")
    return queries.read_library(path)


def test_a_query_says_what_it_offers(tmp_path):
    query = read(
        tmp_path, "#+ params: day (date), weekday (iri)\n#+ choices: weekday = weekdays\nSELECT"
    )
    assert [(one.name, one.type.name, one.choices) for one in query.parameters] == [
        ("day", "date", ""),
        ("weekday", "iri", "weekdays"),
    ]
    assert (query.title("de"), query.title("en")) == ("D", "T")
    assert (query.summary("de"), query.summary("en")) == ("E", "S")
    assert query.iri == "https://w3id.org/kmn-ld/queries/q"
    assert (query.text, query.is_graph, query.has_geometry) == ("SELECT\n", False, True)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ('"2010-03-01"^^xsd:date', ("2010-03-01",)),
        ("19 40", ("19", "40")),
        ('"prs" "a \\" b"@de', ("prs", 'a " b')),
        ("schema:Tuesday", ("https://schema.org/Tuesday",)),
        ("<https://example.org/a>", ("https://example.org/a",)),
    ],
)
def test_the_values_that_stand_in_the_query_are_its_examples(tmp_path, values, shown):
    text = f"#+ params: day (string)\nSELECT * {{ OPTIONAL {{ VALUES ?day {{ {values} }} }} }}"
    assert read(tmp_path, text).parameters[0].shown == shown


def test_without_a_value_in_the_query_the_type_gives_the_example(tmp_path):
    assert read(tmp_path, "#+ params: day (date)\n").parameters[0].example == "2026-03-01"


@pytest.mark.parametrize(
    ("view", "language", "columns"),
    [
        ("bar: pillar count", "de", ("pillarDe", "count")),
        ("bar: pillar count", "en", ("pillarEn", "count")),
        ("line: day count", "de", ("day", "count")),
        ("map", "de", ()),
    ],
)
def test_a_view_names_columns_by_the_language_of_the_page(tmp_path, view, language, columns):
    query = read(tmp_path, f"#+ view: {view}\n")
    assert query.view.kind == view.partition(":")[0]
    assert tuple(column.sources[0] for column in query.view_columns(language)) == columns


def test_a_fault_in_a_header_line_is_told_with_its_line(tmp_path):
    with pytest.raises(QueryFileError) as caught:
        read(tmp_path, "#+ tags: a\n#+ params: day (moment)\n")
    assert (caught.value.key, caught.value.details["line"]) == ("library-type", 7)


def test_every_query_of_the_library_can_be_read():
    library = [queries.read_library(path) for path in queries.find(LIBRARY)]
    assert len(library) > 25
    assert {query.view.kind for query in library} >= {"table", "map", "bar", "line"}


CHOICES = sorted((queries.app_folder() / queries.CHOICES).glob("*.rq"))


@pytest.mark.parametrize("path", CHOICES, ids=lambda path: path.stem)
def test_a_query_for_choices_returns_values_and_labels(path):
    assert queries.read(path).listed("returns") == ("value", "labelDe", "labelEn")


def test_every_query_for_choices_is_used():
    library = [queries.read_library(path) for path in queries.find(LIBRARY)]
    used = {parameter.choices for query in library for parameter in query.parameters} - {""}
    assert {path.stem for path in CHOICES} == used
