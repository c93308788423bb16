"""The page of conformance names tests that exist and run, and every test that claims a clause."""

import ast
import re
from pathlib import Path

import pytest

from tests.w3c import known, suite

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
_PLACE = re.compile(r"`([\w/]+\.py::\w+)`")
ROWS = {name: _PLACE.findall(tests) for name, tests in _ROW.findall(PAGE) if "::" in tests}


def _functions() -> dict[str, ast.FunctionDef]:
    """Return the test functions of the project by their place."""
    return {
        f"{path.relative_to(ROOT / 'tests')}::{entry.name}": entry
        for path in (ROOT / "tests").rglob("test_*.py")
        for entry in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(entry, ast.FunctionDef) and entry.name.startswith("test_")
    }


FUNCTIONS = _functions()


def _marks(function: ast.FunctionDef, name: str) -> list[ast.Call]:
    calls = [entry for entry in function.decorator_list if isinstance(entry, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == f"pytest.mark.{name}"]


def _claims() -> list[tuple[str, str]]:
    """Return clause and place of each mark."""
    return [
        (argument.value, place)
        for place, function in FUNCTIONS.items()
        for call in _marks(function, "clause")
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]


def test_the_page_has_rows_and_the_tests_have_marks():
    assert len(ROWS) > 60
    assert len(_claims()) > 60


@pytest.mark.parametrize("clause", ROWS)
def test_each_clause_has_tests_that_exist_and_run(clause):
    assert ROWS[clause]
    assert [place for place in ROWS[clause] if place not in FUNCTIONS] == []
    off = [place for place in ROWS[clause] for name in ("skip", "xfail")
           if _marks(FUNCTIONS[place], name)]  # fmt: skip
    assert off == []


@pytest.mark.parametrize(("clause", "place"), _claims())
def test_what_a_test_claims_stands_on_the_page(clause, place):
    assert place in ROWS[clause]


def test_every_cause_of_a_w3c_test_that_does_not_pass_is_on_the_page():
    rows = re.findall(r"^\| ([^|]+) \| ((?:`sparql1[^`]+` ?)+)\|$", PAGE, re.MULTILINE)
    listed = {cause: tuple(re.findall(r"`([^`]+)`", names)) for cause, names in rows}
    assert listed == known.CAUSES


@pytest.mark.skipif(not suite.FOLDER.exists(), reason=suite.MISSING)
def test_the_scores_on_the_page_are_those_of_the_suites():
    for kinds, failing in (
        (suite.EVALUATION, known.EVALUATION),
        ((*suite.POSITIVE, *suite.NEGATIVE), known.SYNTAX),
    ):
        count = len(suite.of_kinds(kinds))
        assert f"{count - len(failing)} of {count} pass" in PAGE
