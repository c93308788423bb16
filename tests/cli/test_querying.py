import json

import pytest

from kmn_ld.cli.querying import describe_release, run_query
from kmn_ld.errors import KmnError


@pytest.mark.parametrize(
    ("query", "table"),
    [
        ("ASK { FILTER (false) }", "false\n"),
        ("SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) (22 'x') } } ORDER BY ?a",
         "a   b\n──  ─\n1\n22  x\n"),
        ("SELECT ?a { VALUES ?a { 'x\\ny' } }", "a\n───\nx y\n"),
        ("SELECT ?a { FILTER (false) }", "a\n─\n"),
    ],
)  # fmt: skip
def test_rows_and_booleans_are_laid_out_as_a_table(settings, query, table):
    assert run_query(settings, query, "table").decode() == table


@pytest.mark.parametrize(("widest", "value"), [(60, "x" * 59 + "…"), (None, "x" * 100)])
def test_long_values_of_a_table_are_cut_where_a_width_is_given(settings, widest, value):
    query = f"SELECT ?a {{ VALUES ?a {{ '{'x' * 100}' }} }}"
    table = run_query(settings, query, "table", widest=widest)
    assert table.decode().splitlines()[2] == value


def test_a_parameter_takes_the_place_of_the_example_value_as_a_value_never_as_text(settings):
    query = "#+ params: a (string)\nSELECT ?a { OPTIONAL { VALUES ?a { 'x' } } }"
    assert run_query(settings, query, "csv") == b"a\r\nx\r\n"
    words = ["a=' } ?s ?p ?o {"]
    assert run_query(settings, query, "csv", parameters=words) == b"a\r\n' } ?s ?p ?o {\r\n"


def test_triples_come_as_turtle_where_a_table_is_asked_for(settings):
    query = "CONSTRUCT { <https://example.org/a> <https://example.org/p> 1 } {}"
    assert b"<https://example.org/a> <https://example.org/p> 1 ." in run_query(
        settings, query, "table"
    )


def test_another_format_comes_as_it_is(settings):
    result = json.loads(run_query(settings, "SELECT (1 AS ?a) {}", "json"))
    assert result["results"]["bindings"][0]["a"]["value"] == "1"


def test_a_format_that_does_not_suit_the_result_is_an_error(settings):
    with pytest.raises(KmnError) as caught:
        run_query(settings, "ASK {}", "ttl")
    assert caught.value.key == "result-format"


def test_a_release_is_described_by_kind_and_size(settings, release):
    assert describe_release(settings, release.id) == (
        f"{release.manifest.kind}  {release.manifest.quads}"
    )


def test_a_release_that_cannot_be_read_is_marked(settings):
    assert describe_release(settings, "20200101T000000Z-000000000000") == "?"
