"""What an engine answers, whichever engine it is (contract: embedded or remote)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kmn_ld.engine.terms import Row, Statement, Term


@dataclass(frozen=True)
class PublicQuery:
    """A query from outside.

    `default_graphs` and `named_graphs` are the protocol's `default-graph-uri` and
    `named-graph-uri`; None for both where the request gives neither (SPARQL 1.1 Protocol, 2.1.4).
    `solutions` and `graphs` are format names in the client's order of preference, for results of
    rows or booleans and of triples; empty where the client accepts none of that kind.
    `bindings` are values for variables that the outer SELECT projects; they enter by substitution
    and tell a query from another of the same text.
    """

    text: str
    solutions: Sequence[str]
    graphs: Sequence[str]
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None
    bindings: Mapping[str, Term] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class PublicAnswer:
    """A whole result: `body`, or `path` of a file that the receiver removes after sending.

    `format` is a name in `formats`; `form` is SELECT-like "solutions", "boolean" or "graph";
    `length` in bytes; `digest` is the hex SHA-256 of the content; `seconds` is the time it took.
    `is_repeatable` says whether the same query of the same release has this result again
    (`repeating`).
    """

    format: str
    form: str
    body: bytes | None
    path: Path | None
    length: int
    digest: str
    seconds: float
    is_repeatable: bool = True


InThread = Callable[[Callable[[], PublicAnswer]], Awaitable[PublicAnswer]]
"""Calls a function that waits where this stops nobody, and brings what it returns."""


class Begun(Protocol):
    """A query that is being answered in an event loop; `answer` is to be awaited, once."""

    async def answer(self, in_thread: InThread) -> PublicAnswer:
        """Return the answer, or raise as `Engine.answer`.

        What has to be waited for longer than moments, `in_thread` calls.
        """
        ...


class Engine(Protocol):
    """Answers queries over one release.

    Trusted queries (our own texts) run in process, bindings enter by substitution. Public queries
    run where they can be stopped.
    """

    def rows(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Return the solutions of a trusted SELECT query."""
        ...

    def rows_for_each(self, query: str, name: str, terms: Iterable[Term]) -> list[Row]:
        """Return the solutions of a trusted SELECT query in which a variable is one of these terms.

        The query has no VALUES at its end; solutions for all terms come in its order, and its LIMIT
        counts them together.
        """
        ...

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """Return the answer of a trusted ASK query."""
        ...

    def statements_about(self, iri: str) -> list[Statement]:
        """Return the quads that describe a thing, sorted: its own, its `#parts'`, its lists'.

        Parts (the thing's IRI and a fragment) and list nodes are those that are reached from the
        thing by forward links. Quads of the named graphs; of the default graph only what it does
        not repeat, as in a dataset that is served as it stands. Empty for a text that is no IRI.
        """
        ...

    def graph(self, iri: str) -> list[Statement]:
        """Return all quads of one named graph, sorted; empty where there is no such graph."""
        ...

    def answer(self, query: PublicQuery, client: str) -> PublicAnswer:
        """Answer a query from outside, for a client named by its address.

        Raises QuerySyntaxError, QueryRefused, QueryTooLong, QueryTimeout, QueryOutOfMemory,
        TooManyQueries, ResultTooLarge, NotAcceptable, EngineError.
        """
        ...

    def begin(self, query: PublicQuery, client: str) -> Begun | None:
        """Begin to answer a query from outside, without waiting for anything.

        None where it would have to wait, or the engine offers only `answer`; raises as that.
        """
        ...

    def ensure_ready(self) -> None:
        """Raise EngineError where queries from outside could not be answered now."""
        ...

    def close(self) -> None:
        """Free the store and end the workers."""
        ...
