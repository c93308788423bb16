"""Puts drafts beside the content in a store of their own, for checks that run on a store."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from kmn_ld import sources
from kmn_ld.engine import Row, TrustedStore, load_store
from kmn_ld.validation.reading import Reading
from kmn_ld.vocab import GRAPH


@contextmanager
def rows_with_drafts(store: TrustedStore, reading: Reading) -> Iterator[Callable[[str], list[Row]]]:
    """Give the `rows` of the store, or where there are drafts of one that holds them too.

    Drafts are checked but never loaded into a release, so the other store goes at the end.
    """
    if not reading.drafts:
        yield store.rows
        return
    outside = {GRAPH + name for name in sources.OUTSIDE_DEFAULT_GRAPH}
    inside = [lines for graph, lines in reading.graphs.items() if graph not in outside]
    with tempfile.TemporaryDirectory(prefix="kmn-ld-drafts-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with (folder / "all.nt").open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{line}\n" for line in chain(*inside, *reading.drafts.values()))
        yield TrustedStore(load_store([(folder / "all.nt", "nt")], folder / "store")).rows
