"""Loads a release into another SPARQL engine: new graphs first, the switch last (decision 13)."""

import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO

from kmn_ld import releases
from kmn_ld.build.progress import Progress, Steps
from kmn_ld.config import Settings
from kmn_ld.engine import Iri, without_graph
from kmn_ld.engine.remote import MARKED, read_marker
from kmn_ld.engine.remote_dataset import COMING, DEFAULT, MARKER, NOTHING
from kmn_ld.engine.remote_endpoint import Answer, Dataset, Endpoint
from kmn_ld.engine.remote_results import read_rows
from kmn_ld.engine.substituting import written_term
from kmn_ld.errors import BuildError, ConfigError, EngineError, ResultTooLarge
from kmn_ld.queries import fragments, load_query
from kmn_ld.releases import Release

_SECONDS = 3600
"""Time that a single request of a push may take."""
_MOST_GRAPHS = 500
"""Every query names all graphs of the release."""
_PIECE = 100_000
"""Lines that are sent together to a graph store."""
_SHORT_PIECE = 500
"""Lines of one update: some engines limit the length of a text."""

_PLACE = re.compile(r"%(\w+)%")


def push_release(settings: Settings, progress: Progress) -> Release:
    """Load the current release into the remote engine of the settings and return it.

    What the engine held goes on answering until all graphs have arrived. Raises ConfigError where
    no engine is set, BuildError where the release cannot be pushed, EngineError and what else the
    engine answers.
    """
    if not settings.endpoint:
        raise ConfigError("push-endpoint")
    release = releases.current(settings.releases)
    releases.demand_files(release, (name for name, _ in release.manifest.load))
    steps = Steps(progress)
    with TemporaryDirectory(prefix="kmn-ld-push-") as name:
        with steps.step("push-prepare"):
            graphs = _split(release, Path(name))
        push = _Push(Endpoint(settings, _SECONDS), graphs, progress)
        with steps.step("push-load", sum(graph.lines for graph in graphs.values())):
            push.load()
        with steps.step("push-verify"):
            push.verify()
        with steps.step("push-switch"):
            push.switch(release)
    return release


class _Graph:
    """One graph of a release as N-Triples on disk; lines with blank nodes apart.

    Each request has its own blank nodes, so those lines travel in the first.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self.coming = f"{COMING}{number}"
        self.lines = 0
        self._paths = (folder / f"{number}-nodes.nt", folder / f"{number}.nt")
        self._files: tuple[IO[str], ...] = ()

    def __enter__(self) -> "_Graph":
        self._files = tuple(path.open("w", encoding="utf-8", newline="\n") for path in self._paths)
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def add(self, line: str) -> None:
        """Add a line of N-Triples."""
        self._files["_:" not in line].write(f"{line}\n")
        self.lines += 1

    def pieces(self, size: int) -> Iterator[list[str]]:
        """Yield the lines in pieces, the first with all blank nodes."""
        with ExitStack() as opened:
            nodes, plain = (
                opened.enter_context(path.open(encoding="utf-8", newline="\n"))
                for path in self._paths
            )
            piece = [*nodes, *islice(plain, size)]
            while piece:
                yield piece
                piece = list(islice(plain, size))


def _split(release: Release, folder: Path) -> Mapping[str, _Graph]:
    """Write each graph of a release into files of its own; return IRI → graph."""
    graphs: dict[str, _Graph] = {}
    with ExitStack() as opened:

        def of(name: str) -> _Graph:
            if name not in graphs:
                if len(graphs) > _MOST_GRAPHS:
                    raise BuildError("push-graphs", limit=_MOST_GRAPHS)
                graphs[name] = opened.enter_context(_Graph(folder, len(graphs)))
            return graphs[name]

        for path, kind in release.manifest.load:
            with release.path(path).open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    triple, graph = line.rstrip("\n"), ""
                    if kind == "nq":
                        triple, graph = without_graph(triple)
                    if graph.startswith("_:"):
                        raise BuildError("push-graph-name", graph=graph)
                    of(graph[1:-1] or DEFAULT).add(triple)
    return graphs


class _Push:
    """Brings graphs into an engine, below other names until all are there."""

    def __init__(
        self, endpoint: Endpoint, graphs: Mapping[str, _Graph], progress: Progress
    ) -> None:
        self._endpoint = endpoint
        self._graphs = graphs
        self._progress = progress
        self._texts: Mapping[str, str] = tomllib.loads(fragments("remote/push.toml"))

    def load(self) -> None:
        """Send all graphs, each to where nobody looks."""
        done = 0
        for graph in self._graphs.values():
            size = _PIECE if self._endpoint.has_store else _SHORT_PIECE
            if not self._endpoint.has_store:
                self._update(self._clear(graph.coming))
            for number, piece in enumerate(graph.pieces(size)):
                self._send(graph.coming, piece, more=number > 0)
                done += len(piece)
                self._progress.advance(done)

    def verify(self) -> None:
        """Demand that all statements have arrived, and that results of all of them come whole."""
        for name, graph in self._graphs.items():
            dataset = Dataset((graph.coming,), (NOTHING,))
            with self._asked("remote/count", dataset) as answer:
                found = int(read_rows(answer)[0]["count"].value)
            if found != graph.lines:
                raise BuildError("push-count", graph=name, expected=graph.lines, found=found)
        largest = max(self._graphs.values(), key=lambda graph: graph.lines)
        try:
            with self._asked("remote/rows", Dataset((largest.coming,), (NOTHING,)), "count"):
                pass  # the head of the answer says whether it is cut
        except ResultTooLarge as error:
            limit = error.details["limit"]
            raise BuildError("push-rows", limit=limit, needed=largest.lines) from error

    def switch(self, release: Release) -> None:
        """Give the graphs their names, remove those of the release before, and say so: at once.

        One request, so that an engine that runs updates as a whole never shows a mixture; in
        others the marker is away meanwhile, and who asks is told to come again.
        """
        with self._asked("remote/parts", MARKED) as answer:
            told = [row["part"] for row in read_rows(answer)]
        old = {part.value for part in told if isinstance(part, Iri)}  # others say what they like
        version = f"{release.id} {secrets.token_hex(8)}"
        parts = [self._text("part", graph=MARKER, part=name) for name in self._graphs]
        operations = [
            self._text("unmark", graph=MARKER),
            *(self._text("move", coming=g.coming, graph=n) for n, g in self._graphs.items()),
            *(self._clear(name) for name in sorted(old - set(self._graphs))),
            self._text("mark", graph=MARKER, version=version, parts="\n".join(parts)),
        ]
        self._update(" ;\n".join(operations))
        found = read_marker(self._endpoint, self._deadline())
        if found is None or f"{found.release} {found.push}" != version:
            raise EngineError("remote-other-release", expected=release.id, found="-")

    def _send(self, graph: str, lines: list[str], *, more: bool) -> None:
        if self._endpoint.has_store:
            self._endpoint.put(graph, "".join(lines).encode(), self._deadline(), more=more)
        else:
            self._update(self._text("insert", graph=graph, statements="".join(lines)))

    def _asked(
        self, name: str, dataset: Dataset, form: str = "solutions"
    ) -> AbstractContextManager[Answer]:
        return self._endpoint.asked(load_query(name), form, dataset, self._deadline())

    def _clear(self, graph: str) -> str:
        return self._text("clear", written=written_term(Iri(graph)))

    def _update(self, text: str) -> None:
        self._endpoint.update(text, self._deadline())

    def _text(self, operation: str, /, **values: str) -> str:
        return _PLACE.sub(lambda match: values[match[1]], self._texts[operation])

    def _deadline(self) -> float:
        return monotonic() + _SECONDS
