from dataclasses import replace

import click
import pytest
from click.testing import CliRunner

from kmn_ld import messages
from kmn_ld.cli.output import (
    GuardedGroup,
    TerminalProgress,
    lang_option,
    say,
    show_error,
    show_findings,
)
from kmn_ld.errors import ConfigError, QuerySyntaxError, SourceError, ValidationFailed
from kmn_ld.validation import ledger_rules
from kmn_ld.validation.findings import Finding
from kmn_ld.vocab import PREFIXES

FINDING = Finding(
    "violation", "r", {"de": "Falsch.", "en": "Wrong."}, path="data/a.ttl", line=3,
    focus="https://example.org/a", value="x" * 300,
)  # fmt: skip
NOTE = Finding("info", "n", {"de": "Fehlt.", "en": "Missing."}, focus="https://example.org/a")


def _shown(capsys, *findings, language="en", **options):
    show_findings(findings, language, **options)
    captured = capsys.readouterr()
    return captured.err if options.get("err") else captured.out


def test_a_finding_shows_its_place_its_text_and_its_record(capsys):
    lines = _shown(capsys, FINDING).splitlines()
    assert lines[0] == "data/a.ttl:3: error: Wrong."
    assert lines[1] == "    record: https://example.org/a"
    assert lines[2] == f"    value: {'x' * 199}…"


def test_a_finding_is_shown_in_the_language_asked_for(capsys):
    assert "Fehler: Falsch." in _shown(capsys, FINDING, language="de")


def test_a_text_in_one_language_is_better_than_none(capsys):
    finding = Finding("warning", "r", {"en": "Only English."})
    assert "Only English." in _shown(capsys, finding, language="de")


def test_notes_are_counted_unless_all_are_asked_for(capsys):
    assert "2 × note: Missing." in _shown(capsys, NOTE, NOTE)
    assert _shown(capsys, NOTE, NOTE, all_notes=True).count("note: Missing.\n") == 2


@pytest.mark.parametrize(("language", "count"), [("de", "1.000"), ("en", "1,000")])
def test_more_findings_than_anybody_reads_are_counted(capsys, language, count):
    show_findings([FINDING] * 1_200, language)
    captured = capsys.readouterr()
    assert captured.out.count("data/a.ttl:3: ") == 200
    assert count in captured.err


def test_property_and_value_stand_as_in_turtle(capsys):
    string, path = PREFIXES["xsd"] + "string", PREFIXES["schema"] + "name"
    finding = replace(FINDING, result_path=path, value="27", value_type=string)
    show_findings([finding], "en")
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "    property: schema:name",
        '    value: "27"',
    ]


def test_an_error_names_its_place_and_what_to_do(capsys):
    show_error(SourceError("turtle-comment", path="a.ttl", line=2, column=7), "en")
    assert capsys.readouterr().err.startswith("a.ttl:2:7: Comment in Turtle.\n")


def test_an_error_shows_the_line_of_the_mistake_with_a_caret(capsys):
    show_error(QuerySyntaxError("query-end", line=1, column=3, excerpt="ASK\n  ^"), "en")
    assert capsys.readouterr().err.endswith("\n\n    ASK\n      ^\n")


def test_an_error_with_findings_shows_them_first(capsys):
    show_error(ValidationFailed("sources-invalid", [FINDING], count=1), "en")
    lines = capsys.readouterr().err.splitlines()
    assert (lines[0], lines[-1][:25]) == (
        "data/a.ttl:3: error: Wrong.",
        "Errors in the sources (se",
    )


def test_words_go_to_stderr(capsys):
    say("activated", "en", id="x")
    assert capsys.readouterr() == ("", "x is now the current release.\n")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_each_state_of_the_history_of_the_ledger_has_its_words(language):
    words = (ledger_rules.SHALLOW, ledger_rules.UNTRACKED, ledger_rules.NO_REPOSITORY,
             ledger_rules.NO_GIT, ledger_rules.GIT_FAILS)  # fmt: skip
    texts = {messages.text(f"cli.history-{word}", language, reason="x") for word in words}
    assert len(texts) == len(words)


def test_a_step_is_a_line_where_there_is_no_terminal(capsys):
    progress = TerminalProgress("en")
    progress.start("read", 5)
    progress.advance(5)
    progress.finish("read", 1.5)
    assert capsys.readouterr().err.split() == ["Read", "files", "1.50", "s"]


def _failing(words):
    @click.group(cls=GuardedGroup)
    def main():
        """Run."""

    @main.command()
    @lang_option
    def fail(language):
        """Fail."""
        raise ConfigError("setting-low", name="KMN_LD_X", lowest=1)

    return CliRunner().invoke(main, words)


@pytest.mark.parametrize(
    ("language", "text"), [("de", "muss mindestens 1 sein"), ("en", "must be at least 1")]
)
def test_an_error_of_a_command_becomes_words_and_an_exit_code(language, text):
    result = _failing(["fail", "--lang", language])
    assert (result.exit_code, text in result.output) == (2, True)
