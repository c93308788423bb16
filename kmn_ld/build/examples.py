"""Copies the example queries of the sources into a release, for the query page that answers it."""

import shutil
from pathlib import Path

from kmn_ld import queries, releases, sources
from kmn_ld.releases import Release


def copy_examples(folder: Path, release: Path) -> None:
    """Copy the example queries of a folder of sources into the folder of a release, as they are."""
    for path in queries.find(folder / sources.EXAMPLES):
        target = release / releases.QUERIES / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)


def holds_examples(release: Release, folder: Path) -> bool:
    """Return whether a release holds the example queries of the sources as they are now."""
    return _texts(release.path(releases.QUERIES)) == _texts(folder / sources.EXAMPLES)


def _texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in queries.find(folder)}
