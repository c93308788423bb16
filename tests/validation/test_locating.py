import pytest

from kmn_ld.sources import SourceFile
from kmn_ld.validation.findings import Finding
from kmn_ld.validation.locating import locate_findings
from kmn_ld.validation.reading import Reading

E = "https://example.org/"
NOTE = "http://www.w3.org/2004/02/skos/core#note"
TEXT = """\
<https://example.org/a> a <https://example.org/T> ;
  <http://www.w3.org/2004/02/skos/core#note> "x" ,
    "y" .
<https://example.org/b> a <https://example.org/T> .
"""


@pytest.fixture
def place_of(tmp_path):
    """Return path and line that a finding gets."""
    (tmp_path / "a.ttl").write_text(TEXT, encoding="utf-8")
    file = SourceFile(tmp_path / "a.ttl", "a.ttl", "", "")
    reading = Reading(described_in={E + "a": file, E + "b": file})

    def _place_of(**fields):
        finding = Finding("violation", "r", {"en": "m"}, **fields)
        (located,) = locate_findings([finding], reading, tmp_path)
        return located.path, located.line

    return _place_of


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"focus": E + "b"}, ("a.ttl", 4)),
        ({"focus": E + "a", "result_path": NOTE}, ("a.ttl", 2)),
        ({"focus": E + "a", "result_path": NOTE, "value": "y"}, ("a.ttl", 3)),
        ({"focus": E + "a", "result_path": NOTE, "value": "z"}, ("a.ttl", 2)),
        ({"focus": E + "a", "result_path": E + "missing"}, ("a.ttl", 1)),
        ({"focus": E + "rule", "value": E + "b"}, ("a.ttl", 4)),
        ({"focus": E + "nowhere"}, ("", None)),
        ({"path": "a.ttl", "focus": E + "b"}, ("a.ttl", 4)),
        ({"path": "a.ttl", "line": 9, "focus": E + "b"}, ("a.ttl", 9)),
        ({"path": "a.ttl"}, ("a.ttl", None)),
        ({"path": "ledger.csv", "focus": E + "b"}, ("ledger.csv", None)),
    ],
)
def test_a_finding_gets_the_line_of_what_it_is_about(place_of, fields, place):
    assert place_of(**fields) == place
