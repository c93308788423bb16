import signal
import subprocess
import sys
import threading
from pathlib import Path

from kmn_ld.engine.worker import wait_until_gone
from kmn_ld.releases import Release
from tests.engine.handmade import ENDLESS
from tests.engine.waiting import eventually, is_running

SERVER = """
import sys
from pathlib import Path
from threading import Thread
from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.engine import PublicQuery
from kmn_ld.engine.pool import Pool

pool = Pool(Settings(query_seconds=60), releases.read(Path(sys.argv[1])), Path(sys.argv[2]))
pool.answer(PublicQuery("ASK {}", ["json"], []), "192.0.2.1")
Thread(target=pool.answer, args=(PublicQuery(sys.argv[3], ["json"], []), "192.0.2.1")).start()
print(pool.process_ids()[0], flush=True)
sys.stdin.read()
"""


def test_workers_die_with_a_server_that_is_killed_in_mid_query(many: Release, tmp_path: Path):
    arguments = [str(many.folder), str(tmp_path), ENDLESS]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        worker = int(server.stdout.readline())
        assert is_running(worker)
        server.send_signal(signal.SIGKILL)
    assert eventually(lambda: not is_running(worker))


def test_a_worker_imports_little():
    code = "import sys, kmn_ld.engine.worker; print(*sorted(sys.modules))"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert not {"rdflib", "flask", "click", "pyshacl", "granian"} & set(output.stdout.split())


def test_the_next_thread_waits_until_the_kernel_has_let_go_of_the_last():
    goes = threading.Event()
    ending = threading.Thread(target=goes.wait, args=(10,))
    ending.start()
    waiting = threading.Thread(target=wait_until_gone, args=(ending.native_id,))
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    goes.set()
    waiting.join(10)
    assert not waiting.is_alive()
    assert not Path(f"/proc/self/task/{ending.native_id}").exists()
