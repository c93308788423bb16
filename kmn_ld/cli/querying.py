"""Runs a query of the operator's on the current release and shows the result as a table or a file."""

from kmn_ld.config import Settings


def run_query(settings: Settings, text: str, output: str) -> bytes:
    """Return the result in one of our formats, or as a table for terminals."""
    raise NotImplementedError
