"""What commands show: progress, findings and errors, in the language of the terminal."""

import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import click

from kmn_ld import messages
from kmn_ld.errors import KmnError, SourceError, ValidationFailed
from kmn_ld.releases import Release
from kmn_ld.validation.findings import INFO, VIOLATION, WARNING, Finding, counts, is_unchecked

_MOST = 200
"""Findings that are listed one by one: who has more, has one cause for many of them."""
_MARKS = {"violation": "red", "warning": "yellow", "info": "blue"}


def say(key: str, language: str, **details: object) -> None:
    """Write a message of the catalogue `[cli]` to stderr."""
    click.echo(messages.text(f"cli.{key}", language, **details), err=True)


def show_error(error: KmnError, language: str) -> None:
    """Write what is wrong, where, and what to do to stderr; findings first where it has some."""
    if isinstance(error, ValidationFailed):
        show_findings([f for f in error.findings if isinstance(f, Finding)], language, err=True)
    title, text = messages.explain(error, language)
    click.secho(f"{_place(error)}{title}.", fg="red", bold=True, err=True)
    click.echo(text, err=True)
    if excerpt := str(error.details.get("excerpt", "")):
        click.echo("\n" + textwrap.indent(excerpt, "    "), err=True)


def _place(error: KmnError) -> str:
    """Return the file, line and column that an error names, as `path:line:column: `."""
    parts = [error.details.get(name) for name in ("path", "line", "column")]
    is_placed = isinstance(error, SourceError) and parts[0] is not None
    return ":".join(str(part) for part in parts if part is not None) + ": " if is_placed else ""


def show_findings(
    findings: Sequence[Finding], language: str, *, err: bool = False, all_notes: bool = False
) -> None:
    """Write each finding as `place: severity: message`, with record, property and value below.

    Notes on completeness are many; without `all_notes` each kind is one line with its count.
    """
    told = [finding for finding in findings if not is_unchecked(finding)]
    listed = [finding for finding in told if all_notes or finding.severity != INFO]
    for finding in listed[:_MOST]:
        place = f"{finding.place}: " if finding.place else ""
        click.echo(f"{place}{_mark(finding, language)}: {finding.text(language)}", err=err)
        _show_details(finding, language, err=err)
    if len(listed) > _MOST:
        say("more-findings", language, count=len(listed) - _MOST)
    if not all_notes:
        notes = [finding for finding in told if finding.severity == INFO]
        for text, count in Counter(note.text(language) for note in notes).items():
            details = {"count": count, "mark": _mark(notes[0], language), "text": text}
            click.echo(messages.text("cli.notes", language, **details), err=err)
        if notes:
            say("notes-hint", language)
    for finding in filter(is_unchecked, findings):
        click.secho(finding.text(language), bold=True, err=err)


def say_counts(findings: Sequence[Finding], language: str) -> None:
    """Write how many findings there are; no number for what was not checked."""
    found = counts(findings)
    key = "checked-partly" if any(map(is_unchecked, findings)) else "checked"
    others = found[WARNING] + found[INFO]
    say(key, language, violations=found[VIOLATION], others=others)


def show_growth(findings: Sequence[Finding], before: Release | None, language: str) -> None:
    """Write how many warnings and notes there are more or fewer than in the newest release."""
    old = before.manifest.findings if before else None
    if before is None or old is None or any(map(is_unchecked, findings)):
        return
    new = counts(findings)
    more = {severity: new[severity] - old.get(severity, 0) for severity in (WARNING, INFO)}
    if any(more.values()):
        say("growth", language, id=before.id, warnings=more[WARNING], notes=more[INFO])
    if more[WARNING] > 0:
        say("more-warnings", language)


def _show_details(finding: Finding, language: str, *, err: bool) -> None:
    is_same = finding.value == finding.focus
    shown = {"focus": finding.focus, "result_path": finding.shown_path}
    shown["value"] = "" if is_same else finding.shown_value
    for name, value in shown.items():
        if value:
            label = messages.text(f"cli.{name}", language)
            click.echo(f"    {label}: {_shortened(value)}", err=err)


def _mark(finding: Finding, language: str) -> str:
    severity = messages.text(f"severity.{finding.severity}", language)
    return click.style(severity, fg=_MARKS[finding.severity], bold=True)


def _shortened(value: str, limit: int = 200) -> str:
    return value if len(value) <= limit else value[: limit - 1] + "…"


class TerminalProgress:
    """Shows a bar for steps of known length on a terminal, a plain line for each step elsewhere."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._bar: Any = None
        self._done = 0

    def start(self, step: str, total: int | None) -> None:
        """Open a bar where there is a terminal and something to count."""
        if total and total > 1 and sys.stderr.isatty():
            label = messages.text(f"steps.{step}", self.language)
            self._bar = click.progressbar(length=total, label=f"{label:<28}", file=sys.stderr)
            self._bar.__enter__()
            self._done = 0

    def advance(self, done: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(done - self._done)
            self._done = done

    def finish(self, step: str, seconds: float) -> None:
        """Close the bar, or write the line."""
        if self._bar is not None:
            self._bar.finish()
            self._bar.__exit__(None, None, None)
            self._bar = None
            return
        label = messages.text(f"steps.{step}", self.language)
        click.echo(f"{label:<28} {seconds:7.2f} s", err=True)


class GuardedGroup(click.Group):
    """A group whose one handler turns every error of ours into words and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a KmnError never shows a traceback."""
        try:
            return super().invoke(ctx)
        except KmnError as error:
            show_error(error, _language_of(ctx))
            ctx.exit(error.exit_code)


def _language_of(ctx: click.Context) -> str:
    obj = ctx.find_object(dict)
    return str(obj["language"]) if obj else messages.language_of_terminal()


def lang_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--lang` to a command; the choice also holds for its errors."""

    def remember(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str:
        language = value or messages.language_of_terminal()
        ctx.find_root().obj = {"language": language}
        return language

    return click.option(
        "--lang",
        "language",
        type=click.Choice(messages.LANGUAGES),
        callback=remember,
        is_eager=True,
        help="Language of messages; default: that of the terminal's locale.",
    )(command)
