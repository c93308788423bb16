"""The suites' data as releases, and the whole application over them: front layer, Flask, worker."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from kmn_ld.build.progress import Silent
from kmn_ld.build.releasing import build_dataset
from kmn_ld.config import Settings
from kmn_ld.engine import open_engine
from kmn_ld.releases import Release
from kmn_ld.web import create_app
from kmn_ld.web.clients import Proxies
from kmn_ld.web.direct import Direct
from kmn_ld.web.front import Front, Limits
from kmn_ld.web.live import EXTENSION
from tests.w3c import suite
from tests.web.asgi import AsgiClient, Sent


@dataclass(frozen=True)
class Service:
    """The application over one release of test data."""

    asgi: AsgiClient

    def ask(self, text: str, accept: str, parameters: tuple[tuple[str, str], ...] = ()) -> Sent:
        """Send a query as a form, as clients do with long ones."""
        body = urlencode([("query", text), *parameters]).encode()
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": accept}
        return self.asgi.post("/sparql", body, headers=headers)


@pytest.fixture(scope="session")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Service]]:
    """Return what serves a dataset file; each file is built and opened once."""
    engines, services = [], {}
    with asyncio.Runner() as runner:

        def opened(file: Path) -> Service:
            if file not in services:
                settings = Settings(releases=tmp_path_factory.mktemp("w3c"))
                release = _built(settings, file)
                engines.append(open_engine(settings, release))
                application = create_app(settings, engine=engines[-1])
                front = Front(application, limits=Limits(), proxies=Proxies(()))
                front.direct = Direct(application.extensions[EXTENSION], Limits().query_threads)
                services[file] = Service(AsgiClient(front, runner))
            return services[file]

        yield opened
        for service in services.values():
            service.asgi.application.close()
        for engine in engines:
            engine.close()


@pytest.fixture(scope="session")
def everything(
    tmp_path_factory: pytest.TempPathFactory, over: Callable[[Path], Service]
) -> Service:
    """Return a service over all data files of the suites, each as a named graph."""
    file = tmp_path_factory.mktemp("w3c-data") / "everything.nq"
    paths = {}
    for case in suite.of_kinds(suite.EVALUATION):
        if not case.is_of_a_dataset:
            paths |= dict(case.graphs)
            paths |= {path.as_uri(): path for path in case.default}
    paths |= {path.as_uri(): path for path in suite.FOLDER.glob("*/dataset/*.ttl")}  # in FROM
    with file.open("wb") as out:
        for name, path in sorted(paths.items()):
            graph = ox.NamedNode(name)
            ox.serialize(
                (ox.Quad(*triple, graph) for triple in triples_of(path)), out, ox.RdfFormat.N_QUADS
            )
    return over(file)


def triples_of(path: Path) -> list[ox.Triple]:
    """Return the triples of a data file, its blank nodes apart from those of all others."""
    kind = ox.RdfFormat.from_extension(path.suffix[1:])
    quads = ox.parse(path=str(path), format=kind, base_iri=path.as_uri(), rename_blank_nodes=True)
    return [quad.triple for quad in quads]


def _built(settings: Settings, file: Path) -> Release:
    return build_dataset(settings, file, Silent()).release
