import csv
import io

import pyoxigraph as ox
import pytest

from kmn_ld.engine.tables import write_csv

X = "https://example.org/"


def written(query):
    out = io.BytesIO()
    write_csv(ox.Store().query(query), out)
    return out.getvalue().decode()


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (f"<{X}a,b>", f"{X}a,b"),  # Oxigraph's own writer makes two cells of it
        ('"a,b"@de', "a,b"),
        (r'"a\"b\r\nc"', 'a"b\r\nc'),
        ('"3"^^<http://www.w3.org/2001/XMLSchema#integer>', "3"),
    ],
)
def test_a_term_is_one_cell_with_its_text(term, text):
    rows = list(
        csv.reader(io.StringIO(written(f"SELECT * {{ VALUES ?v {{ {term} }} }}"), newline=""))
    )
    assert rows == [["v"], [text]]


def test_columns_come_in_their_order_and_lines_end_as_the_clause_says():
    """SPARQL 1.1 Query Results CSV and TSV Formats, 3.1 and 3.2."""
    assert written("SELECT (1 AS ?b) ?none (2 AS ?a) {}") == "b,none,a\r\n1,,2\r\n"


def test_a_single_cell_without_a_value_is_a_row_for_readers():
    assert written("SELECT ?none {}") == 'none\r\n""\r\n'


def test_no_row_gives_the_header():
    assert written("SELECT ?v { FILTER(false) }") == "v\r\n"


def test_a_blank_node_has_its_mark():
    assert written("SELECT (BNODE() AS ?v) {}").splitlines()[1].startswith("_:")


def test_more_rows_than_a_piece_holds_come_all():
    values = " ".join(map(str, range(2500)))
    assert written(f"SELECT * {{ VALUES ?v {{ {values} }} }}").split() == ["v", *values.split()]
