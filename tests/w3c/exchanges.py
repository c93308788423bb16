"""Reads the requests of the W3C protocol tests, and what is expected of the answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from tests.w3c.suite import FOLDER

MANIFEST = FOLDER / "sparql11" / "protocol" / "manifest.ttl"
_PREFIXES = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX ut: <http://www.w3.org/2009/sparql/tests/test-update#>
PREFIX ht: <http://www.w3.org/2011/http#>
PREFIX cnt: <http://www.w3.org/2011/content#>
"""
_REQUESTS = """
SELECT ?test ?path ?method ?body ?encoding ?response ?headers {
    ?test a mf:ProtocolTest ; mf:action/ht:requests/rdf:rest*/rdf:first ?request .
    ?request ht:absolutePath ?path ; ht:methodName ?method ; ht:resp ?response .
    OPTIONAL {
        ?request ht:body ?b . ?b cnt:chars ?body
        OPTIONAL { ?b cnt:characterEncoding ?encoding }
    }
    OPTIONAL { ?request ht:headers ?headers }
} ORDER BY ?test
"""
_EXPECTED = """
SELECT ?response ?status ?format ?boolean {
    ?response mf:expectedStatus ?status .
    OPTIONAL { ?response mf:expectedFormat ?format }
    OPTIONAL { ?response mf:expectedBoolean ?boolean }
}
"""
_HEADERS = """
SELECT ?list ?name ?value {
    ?list rdf:rest*/rdf:first [ ht:fieldName ?name ; ht:fieldValue ?value ]
}
"""
_GRAPHS = "SELECT DISTINCT ?file ?name { ?test ut:graphData [ ut:graph ?file ; rdfs:label ?name ] }"


@dataclass(frozen=True)
class Exchange:
    """A request; `statuses` are first digits, `format` is boolean, tabular, RDF or empty."""

    name: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[str]
    format: str
    boolean: bool | None


def of_queries() -> list[Exchange]:
    """Return the exchanges about queries, none where the suites are not here."""
    if not MANIFEST.exists():
        return []
    store = _store()
    return [
        _exchange(store, row)
        for row in store.query(_PREFIXES + _REQUESTS)
        if "update" not in row["test"].value.rpartition("#")[2]
    ]


def graphs() -> Iterator[tuple[str, Path]]:
    """Yield name and file of each graph that the requests are about."""
    for row in _store().query(_PREFIXES + _GRAPHS):
        yield row["name"].value, Path(row["file"].value.removeprefix("file://"))


def _store() -> ox.Store:
    store = ox.Store()
    store.load(path=str(MANIFEST), base_iri=MANIFEST.as_uri(), format=ox.RdfFormat.TURTLE)
    return store


def _exchange(store: ox.Store, row: ox.QuerySolution) -> Exchange:
    def asked(query: str, name: str, term: object) -> list[ox.QuerySolution]:
        return list(store.query(_PREFIXES + query, substitutions={ox.Variable(name): term}))

    expected = asked(_EXPECTED, "response", row["response"])
    headers = asked(_HEADERS, "list", row["headers"]) if row["headers"] else []
    boolean = expected[0]["boolean"]
    encoding = row["encoding"].value if row["encoding"] else "utf-8"
    return Exchange(
        name=row["test"].value.rpartition("#")[2],
        method=row["method"].value,
        target=row["path"].value.replace("/sparql/", "/sparql", 1),
        headers=tuple((line["name"].value, line["value"].value) for line in headers),
        body=row["body"].value.encode(encoding) if row["body"] else b"",
        statuses=frozenset(
            line["status"].value.rpartition("StatusCode")[2][0] for line in expected
        ),
        format=expected[0]["format"].value if expected[0]["format"] else "",
        boolean=None if boolean is None else boolean.value == "true",
    )
