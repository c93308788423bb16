"""The commands, called as an editor or operator calls them."""

import pytest
from click.testing import CliRunner

from kmn_ld import ledger
from kmn_ld.cli import main
from tests.build.conftest import REPOSITORY


@pytest.fixture
def sources(tmp_path):
    for name in ("data", "ontology", "shapes"):
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "network.ttl").write_text("<a:b> <a:c> 1 .", encoding="utf-8")
    return tmp_path


def _run(*words, **options):
    return CliRunner().invoke(main, [*map(str, words)], catch_exceptions=False, **options)


def test_minted_ids_are_printed_and_stand_in_the_ledger(sources):
    result = _run("mint", "--count", 3, "--sources", sources, "--lang", "en")
    path = sources / "data" / "ledger.csv"
    states = ledger.parse(path.read_bytes(), path).states
    assert result.exit_code == 0
    assert states == dict.fromkeys(result.stdout.split(), "reserved")


def test_ids_are_published_at_once_or_later(sources):
    first = _run("mint", "--publish", "--sources", sources).stdout.split()
    second = _run("mint", "--type", "service", "--sources", sources).stdout.split()
    (sources / "data" / "services").mkdir()
    (sources / "data" / "services" / f"{second[0]}.ttl").touch()
    assert _run("publish", *second, "--sources", sources).exit_code == 0
    path = sources / "data" / "ledger.csv"
    parsed = ledger.parse(path.read_bytes(), path)
    assert set(parsed.states.values()) == {"active"}
    assert [parsed.types[key] for key in (*first, *second)] == ["org", "service"]


def test_an_id_that_was_never_minted_is_not_published(sources):
    _run("mint", "--sources", sources)
    result = _run("publish", "k7x2qf96", "--sources", sources, "--lang", "de")
    assert (result.exit_code, "k7x2qf96" in result.output) == (1, True)


def test_an_id_with_wrong_check_digits_is_not_published(sources):
    _run("mint", "--sources", sources)
    result = _run("publish", "k7x2qf69", "--sources", sources, "--lang", "en")
    assert (result.exit_code, "check digits" in result.output) == (1, True)


def test_an_id_without_a_file_is_not_published(sources):
    key = _run("mint", "--sources", sources).stdout.strip()
    result = _run("publish", key, "--sources", sources, "--lang", "en")
    assert (result.exit_code, "has no file yet" in result.output) == (1, True)


def test_fmt_rewrites_and_then_has_nothing_to_do(sources):
    assert _run("fmt", "--check", "--sources", sources).exit_code == 1
    assert _run("fmt", "--sources", sources).stdout.strip().endswith("network.ttl")
    assert _run("fmt", "--check", "--sources", sources).exit_code == 0


def test_fmt_names_file_line_and_column_of_a_broken_file(sources):
    (sources / "data" / "network.ttl").write_text("<a:b> <a:c>\n  d:e .", encoding="utf-8")
    result = _run("fmt", "--sources", sources, "--lang", "en")
    assert result.exit_code == 1
    assert "network.ttl:2:3: Turtle syntax error" in result.output


@pytest.mark.parametrize("command", [["build"], ["check"], ["fmt", "--check"]])
def test_a_folder_without_sources_is_no_success(tmp_path, command):
    result = _run(*command, "--sources", tmp_path)
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("output", "start"),
    [
        ("json", "[\n  {"),
        ("ttl", "@prefix "),
        ("html", "<!DOCTYPE html>"),
        ("text", "data/claims.ttl: "),
    ],
)
def test_check_shows_its_findings_in_each_form_and_exits_with_1(sources, output, start):
    (sources / "data" / "claims.ttl").write_text("", encoding="utf-8")
    for name in ("ontology", "shapes"):
        (sources / name / "a.ttl").write_text("", encoding="utf-8")
    result = _run("check", "--format", output, "--sources", sources, "--releases", sources / "r")
    assert result.exit_code == 1
    assert result.stdout.startswith(start)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commands")
    assert _run("build", "--sources", REPOSITORY, "--releases", folder).exit_code == 0
    return folder


@pytest.mark.parametrize(
    ("output", "query", "expected"),
    [
        ("table", "ASK {}", "true\n"),
        ("table", "SELECT (1 AS ?a) ('x' AS ?b) {}", "a  b\n─  ─\n1  x\n"),
        ("table", f"SELECT ('{'x' * 70}' AS ?a) {{}}", f"a\n{'─' * 70}\n{'x' * 70}\n"),
        ("csv", "SELECT (1 AS ?a) {}", "a\n1\n"),
        ("nt", "CONSTRUCT { <a:b> <a:c> 'd' } {}", '<a:b> <a:c> "d" .\n'),
    ],
)
def test_a_query_is_shown_in_the_form_asked_for(built, output, query, expected):
    result = _run("query", "--format", output, "--releases", built, input=query)
    assert result.output.replace("\r", "") == expected


@pytest.mark.parametrize(
    ("query", "output"),
    [("SELECT * {", "table"), ("ASK {}", "ttl"), ("SELECT * { SERVICE <a:b> {} }", "csv")],
)
def test_a_query_that_cannot_be_answered_exits_with_1(built, query, output):
    result = _run("query", "--format", output, "--releases", built, input=query)
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_the_current_release_is_marked_and_kept(built):
    listed = _run("releases", "list", "--releases", built).output
    key = listed.split()[1]
    assert listed.startswith(f"* {key}  sources  ")
    assert _run("releases", "activate", key, "--releases", built).exit_code == 0
    assert _run("releases", "prune", "--keep", 1, "--releases", built).exit_code == 0
    assert _run("releases", "list", "--releases", built).output == listed


def test_a_locale_that_the_machine_does_not_have_is_no_error(built, monkeypatch):
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    assert _run("releases", "list", "--releases", built).exit_code == 0
