"""What a build makes of ids that have ended."""

import subprocess

import pytest

from kmn_ld import ledger, releases
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.lifecycle import Wish, plan

ID = "https://w3id.org/kmn-ld/id/"


def _git(folder, *words):
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def free(workplace):
    """Return the workplace, in git, and ids of organisations that nothing else names."""
    _git(workplace.sources, "init", "--quiet")
    _git(workplace.sources, "add", ".")
    _git(workplace.sources, "commit", "--quiet", "-m", "x")
    path = workplace.sources / "data" / "ledger.csv"
    known = ledger.parse(path.read_bytes(), path)
    orgs = [key for key, kind in known.types.items() if kind == "org"]
    wishes = {key: Wish("withdrawn", key, reason="error") for key in orgs}
    return [key for key in orgs if not plan(workplace.sources, wishes[key]).mentions]


def _event(workplace, *words):
    result = workplace.run(*words, "--sources", str(workplace.sources), "--yes")
    assert result.exit_code == 0, result.output


def _said(workplace, key):
    release = releases.current(workplace.releases)
    store = TrustedStore.of_folder(release.path(releases.STORE))
    return [
        (one.predicate.value.replace("#", "/").rpartition("/")[2], one.object.value)
        for one in store.statements_about(f"{ID}org/{key}")
        if not one.graph.value.endswith("/derived")
    ]


def test_a_release_holds_stubs_of_what_was_merged_withdrawn_and_erased(workplace, free):
    old, young, wrong = free[:3]
    _event(workplace, "merge", young, "--into", old)
    _event(workplace, "withdraw", wrong, "--reason", "out-of-scope")
    result = workplace.run("build")
    assert result.exit_code == 0, result.output
    assert _said(workplace, young) == [
        ("isReplacedBy", f"{ID}org/{old}"),
        ("sameAs", f"{ID}org/{old}"),
        ("status", f"{ID}concept/status/merged"),
    ]
    names = [name for name, _ in _said(workplace, wrong)]
    assert sorted(names) == ["changeNote", "identifier", "modified", "status"]
    dump = releases.current(workplace.releases).path("dump", "network.nt").read_text("utf-8")
    assert f"<{ID}org/{young}> <http://www.w3.org/2002/07/owl#sameAs> <{ID}org/{old}> ." in dump


def test_a_retired_organisation_keeps_its_record_with_status_end_and_successor(workplace, free):
    old, young = free[:2]
    words = ("--reason", "merger", "--end", "2026-06-30", "--successor", old)
    _event(workplace, "retire", young, *words)
    result = workplace.run("build")
    assert result.exit_code == 0, result.output
    said = _said(workplace, young)
    assert ("status", f"{ID}concept/status/inactive") in said
    assert ("dissolutionDate", "2026-06-30") in said
    assert ("isReplacedBy", f"{ID}org/{old}") in said
    assert "prefLabel" in [name for name, _ in said]


def test_an_unmerged_organisation_is_back_as_it_was(workplace, free):
    before = _said(workplace, free[1])
    _event(workplace, "merge", free[1], "--into", free[0])
    assert workplace.run("build").exit_code == 0
    assert _said(workplace, free[1]) != before
    _event(workplace, "unmerge", free[1])
    _git(workplace.sources, "restore", ".", ":!data/ledger.csv")
    assert workplace.run("build").exit_code == 0
    assert _said(workplace, free[1]) == before


def test_a_draft_of_a_reserved_id_is_not_loaded(workplace, free):
    [draft] = workplace.run("mint", "--sources", str(workplace.sources)).stdout.split()
    file = workplace.sources / "data" / "organisations" / f"{free[0]}.ttl"
    text = file.read_text("utf-8").replace(free[0], draft)
    file.with_name(f"{draft}.ttl").write_text(text, encoding="utf-8")
    result = workplace.run("build")
    assert result.exit_code == 0, result.output
    assert _said(workplace, draft) == []


def test_what_still_names_a_withdrawn_organisation_stops_the_build(workplace, free):
    name = _name(workplace, free[0])
    _event(workplace, "withdraw", free[0], "--reason", "error")
    table = workplace.sources / "data" / "tables" / "notes.csv"
    table.parent.mkdir(exist_ok=True)
    table.write_text(f"a\n{name}\n", encoding="utf-8")
    before = workplace.state()
    result = workplace.run("build")
    assert (result.exit_code, workplace.state()) == (1, before)
    assert "data/tables/notes.csv:2" in result.output


def test_rule_a_says_honestly_what_a_shallow_clone_cannot_tell(workplace, free, tmp_path):
    _event(workplace, "withdraw", free[0], "--reason", "error")
    _git(workplace.sources, "add", ".")
    _git(workplace.sources, "commit", "--quiet", "-m", "y")
    clone = tmp_path / "clone"
    source = f"file://{workplace.sources}"
    _git(tmp_path, "clone", "--quiet", "--depth", "1", source, str(clone))
    workplace.sources.rename(tmp_path / "whole")
    clone.rename(workplace.sources)
    result = workplace.run("check")
    assert result.exit_code == 0, result.output
    assert "git fetch --unshallow" in result.output


def _name(workplace, key):
    return next(value for name, value in _said(workplace, key) if name == "prefLabel")
