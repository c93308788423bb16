"""The shelf of the query library: the queries of the release that answers, told to readers.

The query page lists them as examples, `/queries` as the library: one source, the folder of `.rq`
files that each release holds.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from kmn_ld import queries, releases
from kmn_ld.errors import QueryFileError, ResourceNotFound
from kmn_ld.messages import catalogue
from kmn_ld.queries import LibraryQuery
from kmn_ld.releases import Release
from kmn_ld.web.archive import MOST_OPEN

_LOG = logging.getLogger(__name__)

_ALIKE = 0.4
"""How alike two names must be (0-1) for one to be meant by the other."""


@dataclass(frozen=True)
class Example:
    """A query of the library: its name in addresses, title and summary for the reader.

    `parameters` are the names of the variables whose values are there to be changed; `view` is
    "table", "map", "bar" or "line".
    """

    name: str
    title: str
    summary: str
    parameters: tuple[str, ...]
    view: str = "table"


@dataclass(frozen=True)
class Group:
    """Queries of one subject, in the order of their titles."""

    title: str
    examples: tuple[Example, ...]


def groups(release: Release | None, language: str) -> tuple[Group, ...]:
    """Return all queries of a release, each once: below the first of its tags."""
    tagged: dict[str, list[Example]] = {}
    for query in library(release):
        tag = (*query.tags, "")[0]
        tagged.setdefault(tag, []).append(_told(query, language))
    titles: dict[str, str] = catalogue(language)["example_tags"]
    found = [
        Group(titles.get(tag, tag), tuple(sorted(examples, key=lambda one: one.title.casefold())))
        for tag, examples in tagged.items()
    ]
    return tuple(sorted(found, key=lambda group: group.title.casefold()))


def find(release: Release | None, name: str, language: str) -> tuple[Example, str]:
    """Return a query as it is told, and its text without header lines; raises as `find_query`."""
    query = find_query(release, name)
    return _told(query, language), query.text


def find_query(release: Release | None, name: str) -> LibraryQuery:
    """Return the query of a name.

    Raises ResourceNotFound, with the nearest names, where the release has none of that name.
    """
    known = {query.name: query for query in library(release)}
    if name not in known:
        nearest = get_close_matches(name, known, cutoff=_ALIKE)
        if nearest:
            raise ResourceNotFound("example-unknown", name=name, nearest=", ".join(nearest))
        raise ResourceNotFound("example-unlike", name=name)
    return known[name]


def library(release: Release | None) -> Sequence[LibraryQuery]:
    """Return the queries of a release, by name."""
    return _read(release.path(releases.QUERIES)) if release else ()


def _told(query: LibraryQuery, language: str) -> Example:
    parameters = tuple(parameter.name for parameter in query.parameters)
    title, summary = query.title(language), query.summary(language)
    return Example(query.name, title, summary, parameters, query.view.kind)


@lru_cache(maxsize=MOST_OPEN + 2)  # beside the older releases the current one, and the next
def _read(folder: Path) -> tuple[LibraryQuery, ...]:
    """Read the files of a release, which never change."""
    return tuple(_readable(folder))


def _readable(folder: Path) -> Iterator[LibraryQuery]:
    """Leave out what a release by another version of the software has and this one cannot read."""
    for path in queries.find(folder):
        try:
            yield queries.read_library(path)
        except QueryFileError as error:
            _LOG.warning("A query of the release is left out: %s", error)
