import subprocess

import pytest

from kmn_ld.ledger import Ledger
from kmn_ld.sources import find
from kmn_ld.validation.missing import find_missing
from kmn_ld.validation.reading import read
from kmn_ld.vocab import BASE

NAME = "data/regions/heide.ttl"
REGION = f"{BASE}id/region/heide"
NOTE = "<http://www.w3.org/2004/02/skos/core#related>"


def _git(folder, *words):
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path):
    """Return sources where one region links to another, which git knows."""
    for name, text in ((NAME, f"<{REGION}> {NOTE} 1 ."), ("data/regions/harz.ttl", _link())):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    _git(tmp_path, "init")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-m", "x")
    return tmp_path


def _link():
    return f"<{BASE}id/region/harz> {NOTE} <{REGION}> ."


def _found(folder, before=()):
    reading = read(list(find(folder)), folder, lambda file: False)
    found = find_missing(reading, Ledger(), before, folder)
    assert [one.name for one in reading.missing] == [one.path for one in found]
    return found


def test_nothing_is_missing_where_all_is_there(folder):
    assert _found(folder, [REGION]) == []


def test_a_removed_file_that_is_linked_to_is_found_with_the_command_and_its_users(folder):
    (folder / NAME).unlink()
    [found] = _found(folder)
    assert (found.rule, found.path) == ("file-missing", NAME)
    assert f"git restore {NAME}" in found.text("de")
    assert "data/regions/harz.ttl" in found.text("en")


@pytest.mark.parametrize(
    ("steps", "command"),
    [
        ([["rm", NAME]], f"git restore --staged --worktree {NAME}"),
        ([["rm", NAME], ["commit", "-m", "y"]], "git restore --source="),
    ],
)
def test_the_command_restores_what_was_removed_in_any_way(folder, steps, command):
    for words in steps:
        _git(folder, *words)
    [found] = _found(folder)
    assert command in found.text("en")
    _git(folder, *found.text("en").split("“git ")[1].split("”")[0].split())
    assert _found(folder) == []


def test_a_file_that_nobody_needs_may_go(folder):
    (folder / "data/regions/harz.ttl").unlink()
    assert _found(folder) == []


def test_what_only_the_release_knows_is_missing_without_a_command(folder):
    [found] = _found(folder, [f"{BASE}id/source/atlas"])
    assert (found.rule, found.path) == ("file-missing-unknown", "data/sources/atlas.ttl")


def test_a_link_that_never_led_anywhere_is_no_missing_file(folder):
    path = folder / "data/regions/harz.ttl"
    path.write_text(_link().replace("heide", "nowhere"), "utf-8")
    assert _found(folder) == []


def test_a_district_is_missing_whoever_needs_it(folder):
    path = folder / "data/districts/03241.ttl"
    path.parent.mkdir()
    path.write_text(f"<{BASE}id/district/03241> {NOTE} 1 .", "utf-8")
    _git(folder, "add", ".")
    path.unlink()
    [found] = _found(folder)
    assert found.path == "data/districts/03241.ttl"
