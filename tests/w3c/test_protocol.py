"""The W3C protocol tests that are about queries."""

import json

import pyoxigraph as ox
import pytest

from tests.w3c import exchanges, suite
from tests.w3c.exchanges import Exchange

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.xdist_group("w3c"),
    pytest.mark.skipif(not suite.FOLDER.exists(), reason=suite.MISSING),
]
EXCHANGES = exchanges.of_queries()
TYPES = {
    "boolean": ("application/sparql-results+json",),
    "tabular": ("application/sparql-results+json",),
    "RDF": ("text/turtle",),
    "": ("application/problem+json", "application/sparql-results+json"),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory, over):
    file = tmp_path_factory.mktemp("w3c-protocol") / "graphs.nq"
    with file.open("wb") as out:
        for name, path in exchanges.graphs():
            triples = ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES)
            quads = (ox.Quad(*quad.triple, ox.NamedNode(name)) for quad in triples)
            ox.serialize(quads, out, ox.RdfFormat.N_QUADS)
    return over(file)


@pytest.mark.clause("W3C protocol")
@pytest.mark.parametrize("exchange", EXCHANGES, ids=[exchange.name for exchange in EXCHANGES])
def test_each_request_of_the_suite_gets_the_expected_answer(exchange: Exchange, service):
    asgi = service.asgi
    sent = asgi.runner.run(
        asgi.request(
            exchange.method, exchange.target, (exchange.body,), headers=list(exchange.headers)
        )
    )
    assert str(sent.status)[0] in exchange.statuses
    assert sent.headers["content-type"].partition(";")[0] in TYPES[exchange.format]
    boolean = json.loads(sent.body)["boolean"] if exchange.format == "boolean" else None
    assert boolean == exchange.boolean or exchange.boolean is None


def test_the_suite_has_requests():
    assert len(EXCHANGES) >= 20
