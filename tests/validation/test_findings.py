from pathlib import Path

import pytest

from kmn_ld.errors import SourceError
from kmn_ld.validation.findings import (
    INFO,
    VIOLATION,
    WARNING,
    Finding,
    from_error,
    ordered,
    relative,
    violation,
    violations,
)
from kmn_ld.vocab import PREFIXES


def _finding(severity=VIOLATION, path="", line=None):
    return Finding(severity, "r", {"en": "m"}, path=path, line=line)


@pytest.mark.parametrize(
    ("path", "line", "column", "place"),
    [("a.ttl", 3, 5, "a.ttl:3:5"), ("a.ttl", 3, None, "a.ttl:3"), ("a.ttl", None, None, "a.ttl"),
     ("", 3, 5, "")],
)  # fmt: skip
def test_the_place_is_written_as_editors_understand_it(path, line, column, place):
    assert Finding(VIOLATION, "r", {}, path=path, line=line, column=column).place == place


def test_a_violation_has_its_text_in_both_languages_and_its_fields_filled():
    finding = violation("described-twice", path="a.ttl", focus="https://a.example/", other="b.ttl")
    assert set(finding.message) == {"de", "en"}
    assert all("b.ttl" in text for text in finding.message.values())
    assert (finding.severity, finding.path, finding.focus) == (
        VIOLATION, "a.ttl", "https://a.example/",
    )  # fmt: skip


def test_an_error_in_a_file_becomes_a_finding_with_its_place_below_the_sources():
    error = SourceError("turtle-comment", path=Path("/s/data/a.ttl"), line=2, column=7)
    finding = from_error(error, Path("/s"))
    assert (finding.rule, finding.place) == ("turtle-comment", "data/a.ttl:2:7")


def test_a_path_outside_the_sources_is_shown_whole():
    assert relative(Path("/other/a.ttl"), Path("/s")) == "/other/a.ttl"


def test_findings_come_by_severity_then_place_and_once():
    late, early = _finding(path="b.ttl", line=9), _finding(path="b.ttl", line=2)
    info, warning = _finding(INFO), _finding(WARNING, "a.ttl")
    assert ordered([info, late, warning, early, late]) == [early, late, warning, info]


def test_only_violations_forbid_a_release():
    found = [_finding(INFO), _finding(VIOLATION), _finding(WARNING)]
    assert violations(found) == [found[1]]


def test_a_text_in_another_language_is_better_than_none():
    assert _finding().text("de") == "m"
    assert Finding(VIOLATION, "r", {}).text("de") == "r"


def test_a_finding_as_json_has_every_field():
    assert _finding(path="a.ttl", line=1).as_dict() == {
        "severity": "violation", "rule": "r", "message": {"en": "m"}, "path": "a.ttl", "line": 1,
        "column": None, "focus": "", "result_path": "", "value": "", "component": "",
        "value_type": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("27", "string", '"27"'),
        ("27", "integer", "27"),
        ("2026-11", "gYearMonth", '"2026-11"^^xsd:gYearMonth'),
        ('a "b"', "string", '"a \\"b\\""'),
    ],
)
def test_a_literal_is_shown_as_it_stands_in_turtle(value, kind, shown):
    finding = Finding("violation", "r", {}, value=value, value_type=PREFIXES["xsd"] + kind)
    assert finding.shown_value == shown


def test_a_text_is_shown_with_its_language_and_an_iri_as_it_is():
    assert Finding("violation", "r", {}, value="a", value_type="@de").shown_value == '"a"@de'
    assert Finding("violation", "r", {}, value="urn:a").shown_value == "urn:a"
