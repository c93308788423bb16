"""Asks the workers of a test as a client does."""

from kmn_ld.engine import PublicAnswer, PublicQuery
from kmn_ld.engine.pool import Pool
from kmn_ld.formats import GRAPHS, SOLUTIONS


def ask(pool: Pool, text: str, client: str = "192.0.2.1") -> PublicAnswer:
    """Ask a query, with any format as the answer."""
    return pool.answer(PublicQuery(text, SOLUTIONS, GRAPHS), client)
