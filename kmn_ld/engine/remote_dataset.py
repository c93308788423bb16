"""Says which graphs of a remote engine make up what a query sees.

The engine may hold more than a release, and have ideas of its own of what its default graph is. So
every query names its graphs: the default graph of the release has a name there too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from kmn_ld.engine.datasets import graph_of
from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.remote_endpoint import Dataset
from kmn_ld.engine.tokens import place, tokens
from kmn_ld.errors import QuerySyntaxError
from kmn_ld.releases import Release
from kmn_ld.vocab import BASE

DEFAULT = BASE + "engine/default"
"""Graph of a remote engine that holds the default graph of the release."""
MARKER = BASE + "engine/release"
"""Graph that says which release it holds."""
COMING = BASE + "engine/coming/"
"""Where graphs lie until all have arrived."""
NOTHING = BASE + "engine/nothing"
"""A graph that never is: some engines take no graph at all for all graphs."""

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_BACKSLASH = re.compile(r"\\(.)")


def graphs_of(release: Release) -> list[str]:
    """Return the IRIs of the named graphs of a release, sorted; a blank node as `_:label`."""
    if release.manifest.graphs:
        return sorted(release.manifest.graphs)
    found = set()
    for name, kind in release.manifest.load:
        if kind == "nq":
            with release.path(name).open(encoding="utf-8", newline="\n") as lines:
                found |= {graph_of(line.rstrip("\n")) for line in lines}
    return sorted(name.strip("<>") for name in found if name)


def dataset_of(query: PublicQuery, whole: Dataset) -> tuple[Dataset, str]:
    """Return the dataset of a query that parses, and its text without `FROM` clauses.

    The protocol's parameters win over `FROM` (SPARQL 1.1 Protocol, 2.1.4); some engines add both
    up. Without either it is the whole release.
    """
    clauses = _Clauses(query.text)
    if query.default_graphs is not None or query.named_graphs is not None:
        default, named = query.default_graphs or (), query.named_graphs or ()
    elif clauses.default or clauses.named:
        default, named = clauses.default, clauses.named
    else:
        return whole, query.text
    default, named = (tuple(dict.fromkeys(graphs)) or (NOTHING,) for graphs in (default, named))
    found = Dataset(default, named)
    return found, clauses.cut_out()


@dataclass
class _Clauses:
    """The `FROM` clauses of a query (SPARQL 1.1 Query, 13.2): outside all brackets."""

    text: str
    base: str = BASE
    prefixes: dict[str, str] = field(default_factory=dict)
    default: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    """Start and end of each clause."""

    def __post_init__(self) -> None:
        before: list[str] = []
        start = 0
        for kind, token, offset in _outside_brackets(self.text):
            known = len(self.default) + len(self.named)
            if kind == "word" and token.upper() == "FROM":
                start = offset
            if kind == "iri":
                self._take(before, self._resolved(token[1:-1]))
            elif kind == "name" and before[-1:] != ["PREFIX"]:
                self._take(before, self._expanded(token, offset, before))
            if len(self.default) + len(self.named) > known:
                self.places.append((start, offset + len(token)))
            before = [*before[-1:], token.upper() if kind == "word" else token]

    def cut_out(self) -> str:
        """Return the text without the clauses."""
        text = self.text
        for start, end in reversed(self.places):
            text = f"{text[:start]} {text[end:]}"
        return text

    def _take(self, before: list[str], iri: str) -> None:
        if before[-1:] == ["BASE"]:
            self.base = iri
        elif before[-2:-1] == ["PREFIX"]:
            self.prefixes[before[-1]] = iri
        elif before[-1:] == ["FROM"]:
            self.default.append(iri)
        elif before == ["FROM", "NAMED"]:
            self.named.append(iri)

    def _resolved(self, iri: str) -> str:
        plain = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), iri)
        return urljoin(self.base, plain)

    def _expanded(self, name: str, offset: int, before: list[str]) -> str:
        prefix, _, local = name.partition(":")
        if f"{prefix}:" in self.prefixes:
            return self.prefixes[f"{prefix}:"] + _BACKSLASH.sub(r"\1", local)
        if prefix.upper().startswith(("FROM", "NAMED")):  # Oxigraph takes `FROMex:a` for a clause
            details = place(self.text, offset, name)
            raise QuerySyntaxError("query-token", **details)
        return ""


def _outside_brackets(text: str) -> Iterator[tuple[str, str, int]]:
    depth = 0
    for kind, token, offset in tokens(text):
        if token in ("{", "("):
            depth += 1
        elif token in ("}", ")"):
            depth -= 1
        elif not depth:
            yield kind, token, offset
