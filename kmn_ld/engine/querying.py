"""Runs queries of the operator and of editors: trusted like ours, but their form is not known."""

from collections.abc import Sequence
from io import BytesIO

import pyoxigraph as ox

from kmn_ld.config import Settings
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.parsing import rdf_format
from kmn_ld.engine.rejections import rejection
from kmn_ld.errors import QueryRefused
from kmn_ld.formats import GRAPHS, SOLUTIONS
from kmn_ld.releases import Release
from kmn_ld.vocab import PREFIXES

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


def projected_variables(query: str) -> list[str]:
    """Return the variables that a SELECT query projects; none for the other query forms.

    Raises QuerySyntaxError with line and column, QueryRefused.
    """
    result = run(ox.Store(), query)
    if isinstance(result, ox.QuerySolutions):
        return [variable.value for variable in result.variables]
    return []


def run(store: ox.Store, query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Evaluate a query of any form; raises our errors."""
    try:
        return store.query(query)
    except (SyntaxError, RuntimeError, ValueError, OSError) as error:
        raise rejection(error) from error


def write_result(
    release: Release, settings: Settings, query: str, formats: Sequence[str]
) -> tuple[str, bytes]:
    """Return the first of the formats that suits the form of a query, and the result in it.

    Raises QuerySyntaxError, and QueryRefused where none of the formats suits.
    """
    result = run(open_store(release, settings.memory_triples), query)
    of_triples = isinstance(result, ox.QueryTriples)
    offered = GRAPHS if of_triples else SOLUTIONS
    name = next((name for name in formats if name in offered), None)
    if name is None:
        raise QueryRefused("result-format", offered=", ".join(offered))
    out = BytesIO()
    try:
        if isinstance(result, ox.QueryTriples):
            ox.serialize(result, output=out, format=rdf_format(name), prefixes=PREFIXES)
        else:
            result.serialize(output=out, format=_RESULTS[name])
    except (RuntimeError, ValueError, OSError) as error:
        raise rejection(error) from error
    return name, out.getvalue()
