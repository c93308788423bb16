import pytest

from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.vocab import PREFIXES
from kmn_ld.web.library import rows
from tests.web.answering import answer


def test_a_result_on_disk_is_read_and_its_file_removed(tmp_path):
    spooled = answer(b"abc", "json", tmp_path / "a")
    assert rows.body_of(spooled) == b"abc"
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_is_too_large_is_not_read_and_its_file_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MOST_READ", 2)
    assert rows.body_of(answer(b"abc", "json", tmp_path / "a")) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (Literal("7", datatype=PREFIXES["xsd"] + "integer"), 7.0),
        (Literal("0.5", datatype=PREFIXES["xsd"] + "decimal"), 0.5),
        (Literal("7"), None),
        (Literal("INF", datatype=PREFIXES["xsd"] + "double"), None),
        (Literal("NaN", datatype=PREFIXES["xsd"] + "double"), None),
        (Literal("x", datatype=PREFIXES["xsd"] + "integer"), None),
        (Iri("https://example.org/7"), None),
        (None, None),
    ],
)
def test_a_number_is_what_its_datatype_says(term, value):
    assert rows.number(term) == value
