"""Real SPARQL engines of others, started for tests on free ports of this machine."""

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from kmn_ld.config import Settings

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
ENGINES = ("oxigraph", "virtuoso")
PATIENCE = 30.0
"""Seconds to wait for an engine."""
_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 5000
MaxDirtyBuffers = 3000
MaxSortedTopRows = 1000000
TransactionAfterImageLimit = 1000000000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
"""
_GRANTS = """\
GRANT SPARQL_UPDATE TO "SPARQL";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);
"""


@dataclass
class Other:
    """An engine that runs: its port and process, and where it takes what."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    query: str
    update: str
    store: str

    def settings(self, **more: object) -> Settings:
        """Return settings that put this engine behind the front end."""
        url = f"http://127.0.0.1:{self.port}"
        addresses = {
            "endpoint": url + self.query,
            "endpoint_update": url + self.update,
            "endpoint_graph_store": url + self.store,
        }
        return Settings(**{**addresses, **more})

    def kill(self) -> None:
        """End the engine at once."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def running(name: str, folder: Path, **options: int) -> Iterator[Other]:
    """Run an engine without data; `rows` is Virtuoso's limit of rows, `port` may be chosen.

    Virtuoso is no Python package: where it is not installed, the test is skipped.
    """
    if name == "virtuoso" and VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed (.ci/system-packages installs it)")
    folder.mkdir(exist_ok=True)
    with (_virtuoso if name == "virtuoso" else _oxigraph)(folder, **options) as other:
        yield other


@contextmanager
def _oxigraph(folder: Path, port: int = 0) -> Iterator[Other]:
    port = port or _free_port()
    command = [str(OXIGRAPH), "serve", "--bind", f"127.0.0.1:{port}", "--timeout-s", "15"]
    with (folder / "log").open("wb") as log, _ended(subprocess.Popen(command, stderr=log)) as it:
        _wait_until_up(port, it)
        yield Other("oxigraph", port, it, "/query", "/update", "/store")


@contextmanager
def _virtuoso(folder: Path, rows: int = 1_000_000, port: int = 0) -> Iterator[Other]:
    """As in the design (engine, section 3), without authorisation: for this machine alone."""
    assert VIRTUOSO
    http_port, sql_port = port or _free_port(), _free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder=folder, sql=sql_port, http=http_port, rows=rows), "utf-8")
    command = [VIRTUOSO, "+foreground", "+configfile", str(ini)]
    output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with _ended(subprocess.Popen(command, cwd=folder, **output)) as process:
        _wait_until_up(http_port, process)
        (folder / "grants.sql").write_text(_GRANTS, "utf-8")
        isql = ["isql-vt", f"127.0.0.1:{sql_port}", "dba", "dba", str(folder / "grants.sql")]
        subprocess.run(isql, check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, **output)
        yield Other("virtuoso", http_port, process, "/sparql", "/sparql", "/sparql-graph-crud")


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    pause, end = threading.Event(), monotonic() + PATIENCE
    while process.poll() is None and monotonic() < end:
        with suppress(OSError, http.client.HTTPException):
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
                connection.request("HEAD", "/")
                connection.getresponse()
            return
        pause.wait(0.05)
    raise AssertionError(f"the engine did not start (exit code {process.poll()})")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port
