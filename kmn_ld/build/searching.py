"""Writes the index of the search into a release."""

from pathlib import Path

from kmn_ld import ledger, releases, search
from kmn_ld.engine import TrustedStore


def write_search(folder: Path) -> None:
    """Write `search.sqlite`, anew where there is one, from the store and the ledger of a release.

    The same store and ledger give the same bytes.
    """
    path, target = folder / releases.LEDGER, folder / releases.SEARCH
    events = ledger.parse(path.read_bytes(), path) if path.exists() else None
    contents = search.collect(TrustedStore.of_folder(folder / releases.STORE), events)
    target.unlink(missing_ok=True)
    search.write_index(target, contents)
