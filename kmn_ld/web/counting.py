"""Sorts requests and refusals into the few kinds that are counted."""

from kmn_ld.engine.tally import Tally

_KINDS = {
    "": "page",
    "id": "thing",
    "doc": "thing",
    "def": "vocabulary",
    "shapes": "vocabulary",
    "graph": "graph",
    "sparql": "query",
    "queries": "library",
    "search": "search",
    "dump": "dump",
    "static": "asset",
    "health": "operator",
    "metrics": "operator",
    ".well-known": "description",
}
"""First segment of a path → kind of request."""

_CLASSES = ("", "1xx", "2xx", "3xx", "4xx", "5xx")

KINDS = (*dict.fromkeys(_KINDS.values()), "other")

LIMITS = {
    "too-many-queries-of-client": "queries_per_client",
    "too-many-queries": "query_workers",
    "too-many-long-queries": "long_queries",
    "too-soon-after-long-query": "long_queries",
    "query-too-long": "query_max_bytes",
    "query-timeout": "query_seconds",
    "query-memory": "query_memory_mb",
    "result-too-large": "result_max_bytes",
    "results-of-client": "spool_per_client_mb",
    "results-of-all": "spool_mb",
    "body-too-large": "body",
    "body-late": "body_time",
    "server-busy": "threads",
}
"""Key of an error → the limit that struck: a setting, or one of the front layer's own."""


def count_request(tally: Tally, path: str, status: int) -> None:
    """Count an answer by the kind of its path and the class of its status."""
    first, *others = path.removeprefix("/").split("/", 3)
    is_older = first == "releases" and len(others) > 1  # `/releases/{id}/sparql`
    segment = others[1] if is_older else first
    kind = _KINDS.get(segment) or _KINDS.get(segment.partition(".")[0] or segment, "other")
    tally.add("requests", kind, _CLASSES[status // 100])


def count_refusal(tally: Tally, key: str) -> None:
    """Count an error where a limit is its reason."""
    if key in LIMITS:
        tally.add("refusals", LIMITS[key])
