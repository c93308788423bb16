"""Offers the example queries of the release that answers, in groups with titles for readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kmn_ld import queries, releases
from kmn_ld.errors import ResourceNotFound
from kmn_ld.messages import catalogue
from kmn_ld.queries import QueryFile
from kmn_ld.releases import Release


@dataclass(frozen=True)
class Example:
    """An example query: its name in addresses, title and summary for the reader.

    `parameters` are the names of the variables whose values are there to be changed.
    """

    name: str
    title: str
    summary: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Examples of one subject, in the order of their titles."""

    title: str
    examples: tuple[Example, ...]


def groups(release: Release | None, language: str) -> tuple[Group, ...]:
    """Return all examples of a release, each once: below the first of its tags."""
    tagged: dict[str, list[Example]] = {}
    for file in _files(release):
        tag = (*file.listed("tags"), "")[0]
        tagged.setdefault(tag, []).append(_told(file, language))
    titles: dict[str, str] = catalogue(language)["example_tags"]
    found = [
        Group(titles.get(tag, tag), tuple(sorted(examples, key=lambda one: one.title.casefold())))
        for tag, examples in tagged.items()
    ]
    return tuple(sorted(found, key=lambda group: group.title.casefold()))


def find(release: Release | None, name: str, language: str) -> tuple[Example, str]:
    """Return an example and its query without header lines.

    Raises ResourceNotFound where the release has none of that name.
    """
    for file in _files(release):
        if file.name == name:
            return _told(file, language), queries.without_header(file.text)
    raise ResourceNotFound("example-unknown", name=name)


def _told(file: QueryFile, language: str) -> Example:
    in_language = "@de" if language == "de" else ""
    parameters = tuple(queries.parameters(file.text))
    title, summary = (file.header[key + in_language] for key in ("title", "summary"))
    return Example(file.name, title, summary, parameters)


def _files(release: Release | None) -> Sequence[QueryFile]:
    return _read(release.path(releases.QUERIES)) if release else ()


@lru_cache(maxsize=2)
def _read(folder: Path) -> tuple[QueryFile, ...]:
    """Read the files of a release, which never change."""
    return tuple(queries.read(path) for path in queries.find(folder))
