"""The W3C query evaluation tests over HTTP, and the same on pyoxigraph in this process."""

import re

import pyoxigraph as ox
import pytest

from tests.w3c import results, suite
from tests.w3c.conftest import Service, triples_of
from tests.w3c.known import EVALUATION
from tests.w3c.suite import Case

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.xdist_group("w3c"),
    pytest.mark.skipif(not suite.FOLDER.exists(), reason=suite.MISSING),
]
CASES = suite.of_kinds(suite.EVALUATION)


@pytest.mark.clause("W3C evaluation")
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_suite_scores_over_http_what_the_engine_scores(case: Case, everything, over):
    service = over(case.default[0]) if case.is_of_a_dataset else everything
    expected = results.read_file(case.result, case.text)
    through = _passes(case, expected, _over_http(service, case, expected))
    assert through == _passes(case, expected, _directly(case))
    assert through == (case.name not in EVALUATION)


def _passes(case: Case, expected: results.Result, found: results.Result | None) -> bool:
    return found is not None and results.are_same(found, expected, is_lax=case.is_lax)


def _over_http(service: Service, case: Case, expected: results.Result) -> results.Result | None:
    accept = "text/csv" if expected.is_plain else "application/sparql-results+json, */*;q=0.1"
    graphs = "application/n-triples"
    sent = service.ask(f"BASE <{case.base}> {case.text}", f"{accept}, {graphs}", _dataset(case))
    if sent.status != 200:
        return None
    body = sent.body
    kind = sent.headers["content-type"].partition(";")[0]
    if kind == "text/csv":
        return results.read_csv(body)
    if kind == graphs:
        return results.read_triples(body)
    return results.read_rows(body, ox.QueryResultsFormat.JSON)


def _dataset(case: Case) -> tuple[tuple[str, str], ...]:
    """Return the parameters for the dataset of a test: none where its query or its file has one."""
    if case.is_of_a_dataset or re.search(r"^\s*FROM\s", case.text, re.MULTILINE):
        return ()
    default = [("default-graph-uri", path.as_uri()) for path in case.default]
    named = [("named-graph-uri", name) for name, _ in case.graphs]
    return tuple(default + named) or (("default-graph-uri", "urn:x:empty"),)


def _directly(case: Case) -> results.Result | None:
    """Evaluate a test on a store that holds its data alone."""
    store = ox.Store()
    for path in case.default:
        if case.is_of_a_dataset:
            store.load(path=str(path), format=ox.RdfFormat.from_extension(path.suffix[1:]))
        else:
            store.extend(ox.Quad(*triple) for triple in triples_of(path))
    named = dict(case.graphs)
    if not case.data:
        named = {path.as_uri(): path for path in case.query.parent.glob("data-g*.ttl")}
    for name, path in named.items():
        store.extend(ox.Quad(*triple, ox.NamedNode(name)) for triple in triples_of(path))
    try:
        found = store.query(case.text, base_iri=case.base)
    except (SyntaxError, RuntimeError, ValueError):
        return None
    if case.result.suffix == ".csv":
        return results.read_csv(found.serialize(format=ox.QueryResultsFormat.CSV))
    return results.of(found)
