"""The W3C syntax tests over HTTP: what is SPARQL is taken for it, and nothing else."""

import json

import pytest

from tests.w3c import suite
from tests.w3c.known import SYNTAX
from tests.w3c.suite import Case

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.xdist_group("w3c"),
    pytest.mark.skipif(not suite.FOLDER.exists(), reason=suite.MISSING),
]
ACCEPT = "application/sparql-results+json, application/n-triples"
NO_SYNTAX_ERRORS = ("query-service", "query-update", "query-function", "query-refused")
SYNTAX_CASES = suite.of_kinds((*suite.POSITIVE, *suite.NEGATIVE))


def test_the_suites_are_whole():
    assert (len(suite.of_kinds(suite.EVALUATION)), len(SYNTAX_CASES)) == (581, 488)


@pytest.mark.clause("W3C syntax")
@pytest.mark.parametrize("case", SYNTAX_CASES, ids=[case.name for case in SYNTAX_CASES])
def test_what_is_sparql_is_answered_and_what_is_not_is_a_syntax_error(case: Case, everything):
    text = case.text if case.kind in suite.NEGATIVE else f"BASE <{case.base}> {case.text}"
    sent = everything.ask(text, ACCEPT)
    assert sent.status in (200, 400)
    key = "" if sent.status == 200 else json.loads(sent.body)["type"].rpartition(":")[2]
    is_sparql = sent.status == 200 or key in NO_SYNTAX_ERRORS
    assert (is_sparql == (case.kind in suite.POSITIVE)) == (case.name not in SYNTAX)
