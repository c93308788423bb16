"""Holds the ledger against its own past: git history and the release before."""

from collections.abc import Iterator
from pathlib import Path

from kmn_ld import ledger
from kmn_ld.errors import LedgerError
from kmn_ld.ledger import Ledger
from kmn_ld.validation import git

_EMPTY = (",".join(ledger.COLUMNS) + "\n").encode()

COMPLETE, SHALLOW, UNTRACKED = "complete", "shallow", "untracked"
"""How much of the past of the ledger git knows: all; a part; nothing."""
NO_REPOSITORY, NO_GIT, GIT_FAILS = "no-repository", "no-git", "git-fails"
"""Why nothing is known at all: the folder is in no repository; there is no git; git refuses."""
_BLOB_HEADER = 3
"""Words before the content of a version: object name, type, size."""


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


def history(path: Path) -> str:
    """Return how much of the past of the ledger git knows: one of the words above."""
    is_shallow = git.ask(path.parent, "rev-parse", "--is-shallow-repository")
    if is_shallow is None:
        return NO_GIT
    if not is_shallow:
        return GIT_FAILS if git.fault(path.parent) else NO_REPOSITORY
    if is_shallow.strip() != b"false":
        return SHALLOW
    return COMPLETE if _commits(path) else UNTRACKED


def _versions(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield commit and content of each version in the git history; nothing where there is none.

    Raises LedgerError for a version that git knows of and cannot give.

    One process reads them all: the ledger has a commit for each day that something was minted.
    """
    commits = _commits(path)
    asked = "".join(f"{commit}:./{path.name}\n" for commit in commits).encode()
    answer = git.ask(path.parent, "cat-file", "--batch", given=asked) or b""
    start = 0
    for commit in commits:
        end = answer.find(b"\n", start)
        header = answer[start:end].split()
        start = end + 1
        if len(header) == _BLOB_HEADER:
            size = int(header[-1])
            yield commit, answer[start : start + size]
            start += size + 1
        elif git.ask(
            path.parent, "ls-tree", commit, "--", path.name
        ):  # else the commit removed the file
            raise LedgerError("ledger-history", path=path, version=commit[:12])


def _commits(path: Path) -> list[str]:
    """Return the commits that changed the ledger, the newest first."""
    log = git.ask(path.parent, "log", "--first-parent", "--format=%H", "--", path.name)
    return (log or b"").decode().split()
