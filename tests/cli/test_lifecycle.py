"""The commands that end, join and revive ids, as an editor calls them."""

import pytest
from click.testing import CliRunner

from kmn_ld.cli import lifecycle, main
from tests.lifecycle.conftest import Place


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def _run(place, *words, language="en", **options):
    words = [*words, "--sources", str(place.folder), "--lang", language]
    return CliRunner().invoke(main, words, catch_exceptions=False, **options)


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("retire", "--reason", "ceased"), "inactive"),
        (("merge", "--into", "OLD"), "merged"),
        (("withdraw", "--reason", "error"), "withdrawn"),
    ],
)
def test_a_command_writes_its_event_when_told_yes(place, words, state):
    words = [place.old if word == "OLD" else word for word in words]
    result = _run(place, words[0], place.young, *words[1:], "--yes")
    assert (result.exit_code, place.state(place.young)) == (0, state)


def test_a_retired_and_a_merged_id_come_back(place):
    _run(place, "retire", place.young, "--reason", "split", "--yes")
    assert _run(place, "reactivate", place.young, "--yes").exit_code == 0
    _run(place, "merge", place.young, "--into", place.old, "--yes")
    assert _run(place, "unmerge", place.young, "--yes").exit_code == 0
    assert place.state(place.young) == "active"


def test_a_dry_run_tells_all_and_changes_nothing(place):
    before = place.path.read_bytes()
    result = _run(place, "merge", place.young, "--into", place.old, "--dry-run")
    iri = "https://w3id.org/kmn-ld/id/org/"
    assert f"{iri}{place.young} answers 301 to {iri}{place.old}" in result.output
    assert f"/doc/org/{place.young}?redirect=no" in result.output
    assert f"{place.young} (Neues Haus) is merged into {place.old} (Altes Haus)" in result.output
    assert f"data/organisations/{place.young}.ttl is removed" in result.output
    assert f"data/services/{place.service}.ttl:4" in result.output
    assert (result.exit_code, place.path.read_bytes()) == (0, before)
    assert place.file("org", place.young).exists()


@pytest.mark.parametrize(
    ("words", "german"),
    [
        (("retire", "--reason", "left"), "aus dem Netzwerk ausgeschieden"),
        (("withdraw", "--reason", "out-of-scope"), "antworten ab der nächsten Ausgabe mit 410"),
    ],
)
def test_what_will_change_is_told_in_german_too(place, words, german):
    result = _run(place, words[0], place.young, *words[1:], "--dry-run", language="de")
    assert german in result.output


def test_where_nobody_can_answer_a_command_asks_for_yes(place):
    result = _run(place, "withdraw", place.young, "--reason", "error")
    assert (result.exit_code, place.state(place.young)) == (2, "active")
    assert "--yes" in result.output


@pytest.mark.parametrize(("answer", "state"), [("y\n", "withdrawn"), ("n\n", "active")])
def test_on_a_terminal_the_editor_is_asked(place, monkeypatch, answer, state):
    monkeypatch.setattr(lifecycle, "_is_terminal", lambda: True)
    result = _run(place, "withdraw", place.young, "--reason", "error", input=answer)
    assert (result.exit_code, place.state(place.young)) == (0, state)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_refusal_names_the_id_and_exits_with_1(place, language):
    result = _run(place, "merge", place.old, "--into", place.young, "--yes", language=language)
    assert result.exit_code == 1
    assert f"kmn-ld merge {place.young} --into {place.old}" in result.output


def test_a_long_list_of_places_is_cut(place):
    named = " , ".join(f"<https://w3id.org/kmn-ld/id/org/{place.young}#p{n}>" for n in range(30))
    place.write("service", place.service, f"skos:note {named}")
    result = _run(place, "withdraw", place.young, "--reason", "error", "--dry-run")
    assert "… (+10)" in result.output
