"""Asks git about the sources; what it cannot say is no error here."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

_FEW = 12
"""Digits of a commit that people can tell apart."""


def ask(folder: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return what git says, nothing where it fails, or None where there is no git."""
    answer = _run(folder, *arguments, given=given)
    return None if answer is None else b"" if answer.returncode else answer.stdout


def fault(folder: Path) -> str:
    """Return why git refuses to work in a repository; nothing where it works or there is none."""
    path = folder.resolve()
    if not any((parent / ".git").exists() for parent in (path, *path.parents)):
        return ""
    answer = _run(folder, "rev-parse", "--git-dir")
    if answer is None or answer.returncode == 0:
        return ""
    return answer.stderr.decode("utf-8", "replace").strip().split("\n")[0]


def deleted_files(sources: Path) -> dict[str, str]:
    """Return name → command that restores it, for files of the last commit that are gone."""
    staged = ("diff", "--cached", "--name-only", "--no-renames", "--diff-filter=D", "--relative")
    found = {
        name: f"git restore --staged --worktree {name}"
        for name in _names(sources, *staged, "-z", "HEAD", "--", ".")
        if not (sources / name).exists()
    }
    names = _names(sources, "ls-files", "--deleted", "-z")
    return found | {name: f"git restore {name}" for name in names}


def command_for_removed(sources: Path, name: str) -> str:
    """Return the command that restores a file which an earlier commit removed, or nothing."""
    log = ("log", "-1", "--format=%H", "--no-renames", "--diff-filter=D")
    commit = (ask(sources, *log, "--", name) or b"").decode().strip()
    return f"git restore --source={commit[:_FEW]}^ {name}" if commit else ""


def _names(sources: Path, *arguments: str) -> Iterator[str]:
    answer = ask(sources, *arguments) or b""
    yield from (name for name in answer.decode("utf-8", "replace").split("\0") if name)


def _run(
    folder: Path, *arguments: str, given: bytes = b""
) -> subprocess.CompletedProcess[bytes] | None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False, input=given)
    except OSError:
        return None
