"""Finds the `.rq` files and reads their headers.

`queries/app` belongs to the software and travels in the package; `checks` and `examples` belong to
the sources.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kmn_ld.errors import QueryFileError
from kmn_ld.queries.values import TYPES, ParameterType

_PACKAGE = Path(__file__).parents[1]
_PACKAGED = _PACKAGE / "app_queries"
_CHECKED_OUT = _PACKAGE.parent / "queries" / "app"

_PARAMETER = re.compile(r"(\w+)\s*\((\w+)\)")

REQUIRED = ("title", "title@de", "summary", "summary@de", "returns")
"""Header keys that every query has."""


@dataclass(frozen=True)
class QueryFile:
    """A query: its file, its header lines `#+ key: value` as a dict, its whole text."""

    path: Path
    header: dict[str, str]
    text: str

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return self.path.stem

    def listed(self, key: str) -> tuple[str, ...]:
        """Return a comma separated header value, item by item."""
        return tuple(item.strip() for item in self.header.get(key, "").split(",") if item.strip())

    def line_of(self, key: str) -> int:
        """Return the line, from 1, of a header key; 1 where the header lacks it."""
        lines = enumerate(self.text.split("\n"), 1)
        start = re.compile(rf"#\+\s*{re.escape(key)}\s*:")
        return next((number for number, line in lines if start.match(line)), 1)

    def fault(self, header: str, key: str, **details: str) -> QueryFileError:
        """Return the error of a key of the catalogues about a header line."""
        return QueryFileError(key, path=self.path, line=self.line_of(header), **details)


def read(path: Path) -> QueryFile:
    """Read one query file.

    Raises QueryFileError where it is unreadable, no UTF-8, or its header lacks a key.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")  # a byte order mark is no part of it
    except OSError as error:
        raise QueryFileError("query-unreadable", path=path, reason=error.strerror or "") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QueryFileError("file-not-utf8", path=path, line=line) from error
    header = _header(text)
    missing = [key for key in REQUIRED if not header.get(key)]
    if missing:
        raise QueryFileError("query-header", path=path, line=1, missing=", ".join(missing))
    return QueryFile(path, header, text)


def given(text: str) -> QueryFile:
    """Return a query that comes from the command line; its header may lack keys."""
    return QueryFile(Path("-"), _header(text), text)


def parameters(query: QueryFile) -> dict[str, ParameterType]:
    """Return name → type of the parameters that the header of a query names.

    Raises QueryFileError, with the line, for an entry of another form and for an unknown type.
    """
    found = {}
    for entry in query.listed("params"):
        match = _PARAMETER.fullmatch(entry)
        if not match:
            raise query.fault("params", "library-params", entry=entry)
        name, kind = match.groups()
        if kind not in TYPES:
            raise query.fault(
                "params", "library-type", name=name, type=kind, known=", ".join(TYPES)
            )
        found[name] = TYPES[kind]
    return found


def without_header(text: str) -> str:
    """Return a query as people may read and change it, without its header lines."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")) + "\n"


def find(folder: Path) -> Iterator[Path]:
    """Yield the query files below a folder, sorted."""
    yield from sorted(folder.rglob("*.rq"))


def misnamed_files(folder: Path) -> Iterator[Path]:
    """Yield files that look like queries but do not end in `.rq`: nobody would run them."""
    for path in sorted(folder.rglob("*")):
        is_query = path.name.lower().endswith((".rq", ".rq.txt", ".sparql", ".sparql.txt"))
        if is_query and path.suffix != ".rq" and path.is_file():
            yield path


@cache
def load_query(name: str) -> str:
    """Return the text of a query of `queries/app`, by its path without the ending."""
    return read(app_folder() / f"{name}.rq").text


def is_query(name: str) -> bool:
    """Return whether `queries/app` has a query of that name."""
    return (app_folder() / f"{name}.rq").is_file()


@cache
def fragments(name: str) -> str:
    """Return the text of a file of SPARQL fragments beside the queries of `queries/app`."""
    return (app_folder() / name).read_text(encoding="utf-8")


def app_folder() -> Path:
    """Return the folder of the queries that belong to the software."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKED_OUT


def _header(text: str) -> dict[str, str]:
    header: dict[str, str] = {}
    for line in text.split("\n"):
        if not line.startswith("#+"):
            break
        key, _, value = line[2:].partition(":")
        header[key.strip()] = value.strip()
    return header
