"""Reads a query of the library: its parameters, where their choices come from, how it is shown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kmn_ld.messages import LANGUAGES, catalogue
from kmn_ld.queries.columns import GEOMETRY, Column, column_named
from kmn_ld.queries.files import QueryFile, is_query, parameters, read, without_header
from kmn_ld.queries.values import ParameterType
from kmn_ld.vocab import BASE, PREFIXES

CHOICES = "choices"
"""Folder of `queries/app` with the queries that give the choices of parameters."""
TRIPLES = "triples"
"""What a query returns whose result is a graph."""
RESERVED = ("lang", "format")
"""Names in addresses that mean something for every query."""

_VIEWS = {"table": 0, "map": 0, "bar": 2, "line": 2}
"""View → number of columns that it names."""
_CHOICE = re.compile(r"(\w+)\s*=\s*([\w-]+)(\s*\(open\))?")
_TERM = re.compile(
    r'<(?P<iri>[^<>\s]*)>|"(?P<text>(?:[^"\\]|\\.)*)"(?:\^\^\S+|@[\w-]+)?|(?P<name>[A-Za-z][\w.-]*:[^\s{}]+)'
    r"|(?P<number>[+-]?\d+)"
)


@dataclass(frozen=True)
class Parameter:
    """A parameter: a column of the result that readers may fix.

    `choices` is the name of the query in `queries/app/choices` that lists what there is to choose
    from, empty where there is none; `shown` are the values that stand in the text of the query,
    their lexical forms. A list of choices `is_closed` where a value outside it is a mistake.
    """

    name: str
    type: ParameterType
    choices: str
    is_closed: bool
    shown: tuple[str, ...]

    @property
    def example(self) -> str:
        """A value that it may have."""
        return self.shown[0] if self.shown else self.type.example

    def label(self, language: str) -> str:
        """Return what it is called in a language; its name where the catalogue has no word."""
        words: dict[str, str] = catalogue(language)["library_parameters"]
        return words.get(self.name, self.name)


@dataclass(frozen=True)
class View:
    """How a result is shown beside its table: "map", "bar" or "line" (two columns), or "table"."""

    kind: str = "table"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class LibraryQuery:
    """A query of the library with what its header offers."""

    file: QueryFile
    parameters: tuple[Parameter, ...]
    view: View

    @property
    def name(self) -> str:
        """The name in addresses and in its IRI."""
        return self.file.name

    @property
    def iri(self) -> str:
        """The IRI of the query."""
        return f"{BASE}queries/{self.name}"

    @property
    def tags(self) -> tuple[str, ...]:
        """Its subjects, the main one first."""
        return self.file.listed("tags")

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables that it returns, none where it returns triples."""
        return () if self.is_graph else self.file.listed("returns")

    @property
    def is_graph(self) -> bool:
        """Whether the result is a graph (CONSTRUCT), not rows."""
        return self.file.header["returns"] == TRIPLES

    @property
    def has_geometry(self) -> bool:
        """Whether rows have a geometry."""
        return GEOMETRY in self.columns

    @cached_property
    def text(self) -> str:
        """The SPARQL text, without the header."""
        return without_header(self.file.text)

    def view_columns(self, language: str) -> tuple[Column, ...]:
        """Return the columns that its view names, for readers of a language."""
        found = (column_named(name, self.columns, language) for name in self.view.columns)
        return tuple(column for column in found if column)  # all of them: `_view` has seen to it

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self._told("title", language)

    def summary(self, language: str) -> str:
        """Return the explanation in a language."""
        return self._told("summary", language)

    def _told(self, key: str, language: str) -> str:
        return self.file.header[f"{key}@de" if language == "de" else key]


def read_library(path: Path) -> LibraryQuery:
    """Read a query file of the library.

    Raises QueryFileError, with the line, for a file without a whole header, for a parameter of an
    unknown type, choices that nothing lists, and a view of columns that the query does not return.
    """
    file = read(path)
    choices = _choices(file)
    offered = tuple(
        Parameter(name, kind, *choices.get(name, ("", False)), tuple(_shown(file.text, name)))
        for name, kind in _parameters(file).items()
    )
    for name, (listed, _) in choices.items():
        is_listed = is_query(f"{CHOICES}/{listed}")
        if not is_listed or name not in [parameter.name for parameter in offered]:
            key = "library-choices-of" if is_listed else "library-choices"
            raise file.fault("choices", key, name=name, query=listed)
    return LibraryQuery(file, offered, _view(file))


def _parameters(file: QueryFile) -> Mapping[str, ParameterType]:
    found = parameters(file)
    for name in RESERVED:
        if name in found:
            raise file.fault("params", "library-reserved", name=name)
    return found


def _choices(file: QueryFile) -> Mapping[str, tuple[str, bool]]:
    """Return parameter → the query that lists its choices, and whether they are all there are."""
    found = {}
    for entry in file.listed("choices"):
        match = _CHOICE.fullmatch(entry)
        if not match:
            raise file.fault("choices", "library-choices-form", entry=entry)
        found[match[1]] = (match[2], not match[3])
    return found


def _view(file: QueryFile) -> View:
    text = file.header.get("view", "table")
    kind, _, named = text.partition(":")
    view = View(kind.strip(), tuple(named.split()))
    if _VIEWS.get(view.kind) != len(view.columns):
        raise file.fault("view", "library-view", view=text)
    returned = file.listed("returns")
    wanted = (GEOMETRY,) if view.kind == "map" else view.columns
    missing = [name for name in wanted if not column_named(name, returned, LANGUAGES[0])]
    if missing:
        raise file.fault("view", "library-view-column", missing=", ".join(missing))
    return view


def _shown(text: str, name: str) -> Iterator[str]:
    """Yield the lexical forms of the values that a query has for a variable at its top."""
    found = re.search(rf"VALUES\s+\?{name}\s*\{{([^{{}}]*)\}}", text)
    for term in _TERM.finditer(found[1] if found else ""):
        prefix, _, local = (term["name"] or "").partition(":")
        if term["name"]:
            yield PREFIXES.get(prefix, f"{prefix}:") + local.replace("\\", "")
        else:
            yield term["iri"] or term["number"] or (term["text"] or "").replace('\\"', '"')
