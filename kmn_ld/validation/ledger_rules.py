"""Holds the ledger against its own past: git history and the release before."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from kmn_ld import ledger
from kmn_ld.errors import LedgerError
from kmn_ld.ledger import Ledger

_EMPTY = (",".join(ledger.COLUMNS) + "\n").encode()


def read_ledger(path: Path, before: bytes | None) -> Ledger:
    """Return the ledger, with the append-only rule checked as far as the past is known.

    `before` are the bytes of the ledger in the release before. Raises LedgerError.
    """
    try:
        data = path.read_bytes() if path.exists() else _EMPTY
    except OSError as error:
        raise LedgerError("ledger-unreadable", path=path, reason=error.strerror) from error
    parsed = ledger.parse(data, path)
    if before is not None and not data.startswith(before):
        raise LedgerError("ledger-behind-release", path=path)
    for commit, old in _versions(path):
        ledger.check_prefix(old, data, path, commit[:12])
    return parsed


def has_history(path: Path) -> bool:
    """Return whether git knows the whole past of the file: a clone that is not shallow."""
    return _git(path, "rev-parse", "--is-shallow-repository").strip() == b"false"


def _versions(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield commit and content of each version in the git history; nothing where there is none."""
    for commit in (
        _git(path, "log", "--first-parent", "--format=%H", "--", path.name).decode().split()
    ):
        content = _git(path, "show", f"{commit}:./{path.name}")
        if content:
            yield commit, content


def _git(path: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(path.parent), *arguments], capture_output=True, check=False
        )
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
