import shutil
import subprocess

import pytest

from kmn_ld import ledger
from kmn_ld.errors import LedgerError
from kmn_ld.validation import git
from kmn_ld.validation.ledger_rules import history, read_ledger

DAY = "2026-11-24"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.csv"


def _git(path, *words):
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *words], cwd=path.parent, check=True, capture_output=True)


def _commit(path):
    _git(path, "add", path.name)
    _git(path, "commit", "-m", "x")


@pytest.fixture
def committed(path):
    _git(path, "init")
    ledger.mint(path, "org", 1, date=DAY)
    _commit(path)
    return path


def test_a_missing_ledger_is_an_empty_one(path):
    assert read_ledger(path, None).events == ()


def test_without_git_the_chain_alone_speaks(path):
    ledger.mint(path, "org", 1, date=DAY)
    assert history(path) == "no-repository"
    assert len(read_ledger(path, None).events) == 1


def test_a_ledger_that_grew_passes(committed):
    ledger.mint(committed, "org", 1, date=DAY)
    assert history(committed) == "complete"
    assert len(read_ledger(committed, None).events) == 2


def test_a_ledger_written_anew_is_caught_by_git(committed):
    committed.unlink()
    ledger.mint(committed, "org", 3, date=DAY)
    with pytest.raises(LedgerError) as caught:
        read_ledger(committed, None)
    assert (caught.value.key, caught.value.details["line"]) == ("ledger-rewritten", 2)


def test_a_version_in_the_middle_of_the_history_counts(committed):
    first = committed.read_bytes()
    ledger.mint(committed, "org", 1, date=DAY)
    _commit(committed)
    committed.write_bytes(first)
    _commit(committed)
    ledger.mint(committed, "org", 1, date=DAY)
    with pytest.raises(LedgerError):
        read_ledger(committed, None)


def test_a_ledger_that_differs_from_the_last_release_is_caught(path):
    ledger.mint(path, "org", 1, date=DAY)
    released = path.read_bytes()
    path.unlink()
    ledger.mint(path, "org", 2, date=DAY)
    with pytest.raises(LedgerError) as caught:
        read_ledger(path, released)
    assert caught.value.key == "ledger-behind-release"


def test_a_shallow_clone_has_no_history(committed, tmp_path):
    ledger.mint(committed, "org", 1, date=DAY)
    _commit(committed)
    clone = tmp_path / "clone"
    source = f"file://{committed.parent}"
    subprocess.run(["git", "clone", "--depth", "1", source, clone], check=True, capture_output=True)
    assert history(clone / "ledger.csv") == "shallow"


def test_a_ledger_that_git_does_not_know_has_no_history(path):
    _git(path, "init")
    (path.parent / "other.txt").write_text("x", encoding="utf-8")
    _commit(path.with_name("other.txt"))
    ledger.mint(path, "org", 1, date=DAY)
    assert history(path) == "untracked"
    assert len(read_ledger(path, None).events) == 1


def test_without_git_installed_the_chain_alone_speaks(committed, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert history(committed) == "no-git"
    assert len(read_ledger(committed, None).events) == 1


def test_a_git_that_refuses_is_not_told_as_no_repository(committed):
    (committed.parent / ".git/config").write_text("broken [", encoding="utf-8")
    assert history(committed) == "git-fails"
    assert "config" in git.fault(committed.parent)


def test_git_refuses_nothing_where_it_works_or_where_there_is_no_repository(committed, path):
    assert git.fault(committed.parent) == ""
    shutil.rmtree(path.parent / ".git")
    assert (git.fault(path.parent), history(path)) == ("", "no-repository")


def test_all_versions_are_read_by_one_process(committed, monkeypatch):
    for _ in range(3):
        ledger.mint(committed, "org", 1, date=DAY)
        _commit(committed)
    started = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: started.append(a) or run(*a, **k))
    read_ledger(committed, None)
    assert len(started) == 2


def _object_of_the_ledger(path):
    name = subprocess.run(
        ["git", "rev-parse", f"HEAD:{path.name}"], cwd=path.parent, check=True, capture_output=True
    ).stdout.decode()
    return path.parent / ".git" / "objects" / name[:2] / name[2:].strip()


def test_a_version_that_git_cannot_give_is_an_error_and_not_passed_over(committed):
    _object_of_the_ledger(committed).unlink()
    with pytest.raises(LedgerError) as caught:
        read_ledger(committed, None)
    assert caught.value.key == "ledger-history"


def test_a_git_that_fails_to_read_is_an_error_and_not_passed_over(committed):
    _object_of_the_ledger(committed).chmod(0o600)
    _object_of_the_ledger(committed).write_bytes(b"no object")
    with pytest.raises(LedgerError) as caught:
        read_ledger(committed, None)
    assert caught.value.key == "ledger-history"


def test_a_commit_that_removed_the_ledger_is_passed_over(committed):
    content = committed.read_bytes()
    _git(committed, "rm", committed.name)
    _git(committed, "commit", "-m", "x")
    committed.write_bytes(content)
    _commit(committed)
    assert len(read_ledger(committed, None).events) == 1
