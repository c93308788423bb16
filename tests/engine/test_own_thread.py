"""Oxigraph's results may end in no thread but their own, and errors live on in any."""

import pyoxigraph as ox
import pytest

from kmn_ld.engine import PublicQuery
from kmn_ld.engine.evaluation import evaluate
from kmn_ld.engine.own_thread import in_own_thread
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.errors import KmnError
from tests.engine.test_evaluation import Kept
from tests.engine.waiting import complaints_elsewhere

EX = "https://example.org/"
TRIPLE = f'<{EX}s> <{EX}p> <<( <{EX}s> <{EX}p> "x" )>>'
ALL = "SELECT * { ?s ?p ?o }"
LATE = "{ ?s ?p ?o SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
"""Fails with the first row: Oxigraph speaks to no port like this."""


@pytest.fixture(scope="module")
def store():
    """Return a store with a triple term, which is no term of ours."""
    store = ox.Store()
    store.load(f"{TRIPLE} .\n{TRIPLE} <{EX}g> .", format=ox.RdfFormat.N_QUADS)
    return store


def _refused(store):
    rows = store.query(ALL)
    raise KmnError("internal-error", rows=len(rows.variables))


def test_without_it_the_results_end_in_the_thread_that_drops_the_error(store, monkeypatch):
    heard = complaints_elsewhere(lambda: _refused(store), monkeypatch)
    assert ["unsendable" in text for text in heard] == [True]
    assert complaints_elsewhere(lambda: in_own_thread(_refused)(store), monkeypatch) == []


@pytest.mark.parametrize(
    ("method", "argument"),
    [
        ("rows", ALL),
        ("rows", f"SELECT * {LATE}"),
        ("ask", ALL),
        ("graph", EX + "g"),
        ("statements_about", EX + "s"),
    ],
)
def test_our_own_queries_that_fail_keep_no_results(store, monkeypatch, method, argument):
    ask = getattr(TrustedStore(store), method)
    assert complaints_elsewhere(lambda: ask(argument), monkeypatch) == []


@pytest.mark.parametrize("rule", [ALL, f"CONSTRUCT {{ ?s <{EX}p> 1 }} {LATE}"])
def test_rules_that_fail_keep_no_results(store, monkeypatch, rule):
    trusted = TrustedStore(store)
    assert complaints_elsewhere(lambda: trusted.derive([rule], EX + "g"), monkeypatch) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [(f"CONSTRUCT {{ ?s <{EX}1> 1 }} {{ ?s ?p ?o }}", "rdf"), (f"SELECT * {LATE}", "json")],
)
def test_queries_from_outside_that_fail_keep_no_results(store, monkeypatch, text, name):
    query = PublicQuery(text, (name,), (name,))
    assert complaints_elsewhere(lambda: evaluate(store, query, Kept()), monkeypatch) == []
