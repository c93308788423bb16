"""Runs queries of the operator and of editors: in this process, without limits."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import pyoxigraph as ox

from kmn_ld.config import Settings
from kmn_ld.engine.evaluation import evaluate
from kmn_ld.engine.guard import refuse_what_is_not_offered
from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.rejections import rejection
from kmn_ld.engine.terms import Term
from kmn_ld.errors import NotAcceptable, QueryRefused
from kmn_ld.formats import GRAPHS, SOLUTIONS
from kmn_ld.releases import Release
from kmn_ld.vocab import BASE


def projected_variables(query: str) -> list[str]:
    """Return the variables that a SELECT query projects; none for the other query forms.

    Raises QuerySyntaxError with line and column, QueryRefused.
    """
    refuse_what_is_not_offered(query)
    try:
        result = ox.Store().query(query, base_iri=BASE)
    except (SyntaxError, RuntimeError, ValueError, OSError) as error:
        raise rejection(error, query) from error
    if isinstance(result, ox.QuerySolutions):
        return [variable.value for variable in result.variables]
    return []


def write_result(
    release: Release,
    settings: Settings,
    query: str,
    formats: Sequence[str],
    bindings: Mapping[str, Term] | None = None,
) -> tuple[str, bytes]:
    """Return the first of the formats that suits the form of a query, and the result in it.

    Each name in `bindings` must be a variable that the outer SELECT projects.
    Raises QuerySyntaxError, and QueryRefused also where none of the formats suits.
    """
    refuse_what_is_not_offered(query)
    wish = PublicQuery(
        query,
        solutions=[name for name in formats if name in SOLUTIONS],
        graphs=[name for name in formats if name in GRAPHS],
        bindings=bindings or {},
    )
    sink = _Kept()
    try:
        evaluate(open_store(release, settings.memory_triples), wish, sink)
    except NotAcceptable as error:
        raise QueryRefused("result-format", offered=", ".join((*SOLUTIONS, *GRAPHS))) from error
    return sink.format, sink.getvalue()


class _Kept(BytesIO):
    """A sink that keeps the result in memory."""

    format = ""

    def begin(self, format_name: str, form: str) -> None:
        self.format = format_name
