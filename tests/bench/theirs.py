"""rdflib-endpoint over a file of N-Quads, named by the environment, on rdflib's store in memory."""

import os

from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def app() -> SparqlEndpoint:
    """Return the ASGI application."""
    data = Dataset(default_union=True)
    data.parse(os.environ["BENCH_DUMP"], format="nquads")
    return SparqlEndpoint(graph=data)
