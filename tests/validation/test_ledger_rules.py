import subprocess

import pytest

from kmn_ld import ledger
from kmn_ld.errors import LedgerError
from kmn_ld.validation.ledger_rules import has_history, read_ledger

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
    assert not has_history(path)
    assert len(read_ledger(path, None).events) == 1


def test_a_ledger_that_grew_passes(committed):
    ledger.mint(committed, "org", 1, date=DAY)
    assert has_history(committed)
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
    assert not has_history(clone / "ledger.csv")
