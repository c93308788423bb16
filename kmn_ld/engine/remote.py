"""Another SPARQL 1.1 engine behind the same front end (decision 13).

The release on disk says what the engine must hold. A query from outside is tried in a worker that
holds nothing before it is sent: syntax, form and refusals are those of the engine inside, and what
would crash or stall a parser ends there. What comes back is converted, spooled and sent when it is
complete.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pyoxigraph as ox

from kmn_ld.config import Settings
from kmn_ld.engine.conversion import to_statement
from kmn_ld.engine.embedded import result_folder
from kmn_ld.engine.interface import PublicAnswer, PublicQuery
from kmn_ld.engine.pool import Pool
from kmn_ld.engine.remote_dataset import DEFAULT, MARKER, NOTHING, dataset_of, graphs_of
from kmn_ld.engine.remote_describing import described
from kmn_ld.engine.remote_endpoint import Answer, Dataset, Endpoint
from kmn_ld.engine.remote_patience import Patience
from kmn_ld.engine.remote_results import read_rows, read_triples, read_truth, write_result
from kmn_ld.engine.remote_texts import refuse_harmful, with_base
from kmn_ld.engine.remote_time import Deadline, Leave
from kmn_ld.engine.spool import Spool
from kmn_ld.engine.substituting import with_each, with_values
from kmn_ld.engine.terms import Iri, Row, Statement, Term
from kmn_ld.engine.turn import SHORT_SECONDS
from kmn_ld.errors import EngineError, QueryRefused, ResultTooLarge
from kmn_ld.queries import load_query
from kmn_ld.releases import MANIFEST, Manifest, Release

_LOG = logging.getLogger(__name__)

_SOON = 2
"""Seconds after which it is worth another look whether a release was pushed."""
_OWN_SECONDS = 5
"""Time that a query of ours may take."""
_NO_RELEASE = "nothing"
MARKED = Dataset((MARKER,), (NOTHING,))
"""Where the marker of a push is looked for."""


def open_remote(settings: Settings, release: Release, folder: Path | None = None) -> "RemoteEngine":
    """Return the remote engine of the settings for a release (see `open_engine`).

    An engine that is away, or holds another release, does not keep a server from starting: what
    does not need it is served. Such a state is logged, and `ensure_ready` tells it.
    """
    engine = RemoteEngine(settings, release, folder or result_folder())
    try:
        engine.demand_release()
    except EngineError as error:
        _LOG.warning("The remote engine cannot answer yet: %s", error)
    return engine


@dataclass(frozen=True)
class Marked:
    """What a remote engine says that it holds: the id of a release and the name of a push."""

    release: str
    push: str


def read_marker(endpoint: Endpoint, deadline: Deadline) -> Marked | None:
    """Return what a remote engine holds, None where nothing was pushed into it."""
    with endpoint.asked(load_query("remote/marker"), "solutions", MARKED, deadline) as answer:
        found = read_rows(answer)
    if len(found) != 1:
        return None
    release, _, push = found[0]["version"].value.partition(" ")
    return Marked(release, push)


def demand_held(settings: Settings, release: Release) -> None:
    """Raise EngineError unless the remote engine of the settings answers and holds a release."""
    endpoint = Endpoint(settings, settings.query_seconds)
    found = read_marker(endpoint, monotonic() + settings.query_seconds)
    if found is None or found.release != release.id:
        raise _other_release(release, found)


class RemoteEngine:
    """Answers over one release through another engine (protocol `Engine`)."""

    def __init__(self, settings: Settings, release: Release, folder: Path) -> None:
        self._settings = settings
        self._release = release
        self._endpoint = Endpoint(settings, settings.query_seconds)
        self._whole = Dataset((DEFAULT,), tuple(graphs_of(release)) or (NOTHING,))
        self._marked: Marked | None = None
        self._patience = Patience()
        self._pool = _Pool(settings, folder, self)

    def rows(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Return the solutions of a trusted SELECT query."""
        try:
            text = with_values(query, bindings or {})
        except ValueError:  # a text that is no IRI: nothing is said about it
            return []
        return self._rows(text)

    def rows_for_each(self, query: str, name: str, terms: Iterable[Term]) -> list[Row]:
        """Return the solutions of a trusted SELECT query for several terms (see `Engine`)."""
        text = with_each(query, name, terms)
        return self._rows(text) if text else []

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """Return the answer of a trusted ASK query."""
        try:
            text = with_values(query, bindings or {})
        except ValueError:
            return False
        with self._asked_by_us(text, "boolean") as answer:
            return read_truth(answer)

    def statements_about(self, iri: str) -> list[Statement]:
        """Return the quads that describe a thing, sorted (see `Engine`).

        Of nodes without a name those are found that the thing or a part points at, and the lists
        behind them: all that our sources may have (style guide, S13.3).
        """
        repeats = self._release.manifest.kind == "sources"
        return described(self.rows_for_each, iri, repeats=repeats)

    def graph(self, iri: str) -> list[Statement]:
        """Return all quads of one named graph, sorted; empty where there is no such graph."""
        try:
            text = with_values(load_query("remote/graph"), {"graph": Iri(iri)})
        except ValueError:
            return []
        with self._asked_by_us(text, "graph") as answer:
            triples = sorted(set(read_triples(answer)), key=str)
        name = ox.NamedNode(iri)
        return [to_statement(ox.Quad(t.subject, t.predicate, t.object, name)) for t in triples]

    def answer(self, query: PublicQuery, client: str) -> PublicAnswer:
        """Answer a query from outside (see `Engine`)."""
        return self._pool.answer(query, client)

    def begin(self, query: PublicQuery, client: str) -> None:
        """Begin nothing: another engine is always waited for, in a thread (see `Engine`)."""

    def ensure_ready(self) -> None:
        """Raise EngineError where queries from outside could not be answered now."""
        self._pool.ensure_ready()
        self.demand_release()

    def demand_release(self) -> None:
        """Raise EngineError unless the engine holds the release; note the push that brought it."""
        self._note(read_marker(self._endpoint, self._own_deadline()))

    def close(self) -> None:
        """End the worker; what runs comes to its end first."""
        self._pool.close()

    def evaluate(
        self, query: PublicQuery, head: Mapping[str, str], spool: Spool, deadline: Deadline
    ) -> None:
        """Have the engine answer a query that is known to parse; `head` is its form and format."""
        dataset, text = dataset_of(query, self._whole)
        text = with_base(with_values(text, query.bindings))
        with self._asked(text, head["form"], dataset, deadline) as answer:
            write_result(answer, head["form"], head["format"], _Sink(spool))

    def _rows(self, text: str) -> list[Row]:
        with self._asked_by_us(text, "solutions") as answer:
            return read_rows(answer)

    @contextmanager
    def _asked_by_us(self, text: str, form: str) -> Iterator[Answer]:
        """Ask a query of ours; that the engine does not like it is no fault of a visitor's."""
        try:
            with (
                self._patience.asking(),
                self._asked(text, form, self._whole, self._own_deadline()) as answer,
            ):
                yield answer
        except (QueryRefused, ResultTooLarge) as error:
            reason = error.details.get("reason", error.key)
            raise EngineError("remote-own-query", reason=reason) from error

    @contextmanager
    def _asked(
        self, text: str, form: str, dataset: Dataset, deadline: Deadline
    ) -> Iterator[Answer]:
        """Ask the engine, and make sure afterwards that it was of one release all the time.

        A push takes the marker away before it changes anything that is seen, and brings another.
        """
        if self._marked is None:
            self.demand_release()
        before = self._marked
        with self._endpoint.asked(text, form, dataset, deadline) as answer:
            yield answer
        found = read_marker(self._endpoint, deadline)
        if found != before:
            self._note(found)
            raise EngineError("remote-changing")

    def _note(self, found: Marked | None) -> None:
        if found is None or found.release != self._release.id:
            raise _other_release(self._release, found)
        self._marked = found

    def _own_deadline(self) -> float:
        return monotonic() + min(self._settings.query_seconds, _OWN_SECONDS)


class _Pool(Pool):
    """Tries queries on an empty store in a worker, then has the engine answer them."""

    def __init__(self, settings: Settings, folder: Path, engine: RemoteEngine) -> None:
        super().__init__(settings, _empty_release(folder), folder)
        self._engine = engine

    def _evaluate(self, query: PublicQuery, spool: Spool, deadline: float) -> dict[str, str]:
        refuse_harmful(query.text)
        head = self._run(query, len, deadline)
        with ExitStack() as held:
            until = monotonic() + SHORT_SECONDS
            leave = Leave(deadline, until, lambda: held.enter_context(self._limits.long_slot()))
            self._engine.evaluate(query, head, spool, leave)
        return head


class _Sink:
    """Writes a result into a spool; its form and format are known before."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def begin(self, format_name: str, form: str) -> None:
        """Do nothing."""

    def write(self, data: bytes) -> int:
        """Add a piece."""
        self._spool.write(data)
        return len(data)


def _other_release(release: Release, found: Marked | None) -> EngineError:
    details = {"expected": release.id, "found": found.release if found else "-"}
    return EngineError("remote-other-release", **details, retry_after=_SOON)


def _empty_release(folder: Path) -> Release:
    """Return a release without data, for workers that only try queries."""
    manifest = Manifest(
        id=_NO_RELEASE, kind="dataset", built="", digest="", graphs={}, quads=0,
        load=(), files=(), tools={}, steps=(),
    )  # fmt: skip
    place = folder / _NO_RELEASE
    place.mkdir(exist_ok=True)
    fresh = place / f".{MANIFEST}-{os.getpid()}"  # the server processes share the folder
    fresh.write_text(manifest.to_json(), encoding="utf-8")
    fresh.replace(place / MANIFEST)
    return Release(place, manifest)
