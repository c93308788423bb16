"""The commands that end, join and revive ids: each says first what will change for whom."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kmn_ld import messages
from kmn_ld.cli.output import lang_option, say
from kmn_ld.config import Settings
from kmn_ld.errors import ConfigError
from kmn_ld.ledger import REASONS
from kmn_ld.lifecycle import Plan, Wish, carry_out, plan

_FOLDER = click.Path(file_okay=False, path_type=Path)
_MOST_MENTIONS = 20
_READERS = ("portals", "systems", "people", "undo")


def register(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    for command in (retire, reactivate, merge, unmerge, withdraw):
        group.add_command(command)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what all these commands take: the id, the sources, dry run, consent, language."""
    for decorate in (
        lang_option,
        click.option("--yes", is_flag=True, help="Do not ask; for scripts."),
        click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
        click.option("--sources", type=_FOLDER, help="Folder of the sources."),
        click.argument("id"),
    ):
        command = decorate(command)
    return command


@click.command()
@click.option("--reason", type=click.Choice(REASONS["deactivated"]), required=True,
              help="It ceased, left the network, was split, or merged into another.")  # fmt: skip
@click.option("--end", default="", help="Last day, month or year, as the source states it.")
@click.option("--successor", "successors", multiple=True, help="Id of who goes on; repeatable.")
@options
def retire(reason: str, end: str, successors: tuple[str, ...], **given: Any) -> None:
    """Say that what ID names is no longer active; its page and data stay."""
    _run(Wish("deactivated", given["id"], successors, reason, end), given)


@click.command()
@options
def reactivate(**given: Any) -> None:
    """Say that what ID names is active again."""
    _run(Wish("reactivated", given["id"]), given)


@click.command()
@click.option("--into", required=True, help="Id that survives: the older one of the two.")
@options
def merge(into: str, **given: Any) -> None:
    """Say that ID and another id name the same; ID leads to the other from then on."""
    _run(Wish("merged", given["id"], (into,)), given)


@click.command()
@options
def unmerge(**given: Any) -> None:
    """Take a merger of ID back: both ids stand for themselves again."""
    _run(Wish("unmerged", given["id"]), given)


@click.command()
@click.option("--reason", type=click.Choice(REASONS["withdrawn"]), required=True,
              help="The record was an error, or lies out of scope.")  # fmt: skip
@options
def withdraw(reason: str, **given: Any) -> None:
    """Take ID back for good: it answers 410 with a note that says so."""
    _run(Wish("withdrawn", given["id"], reason=reason), given)


def _run(wish: Wish, given: dict[str, Any]) -> None:
    """Plan, tell, ask and do."""
    language = given["language"]
    folder = Settings.from_env(sources=given["sources"]).sources
    planned = plan(folder, wish)
    tell(planned, language, folder)
    if given["dry_run"]:
        say("dry-run", language)
    elif consent(language, given["yes"]):
        carry_out(folder, planned, date=today())
        say("event-done", language, id=planned.id)


def today() -> str:
    """Return the present day in UTC, as the ledger has it."""
    return datetime.now(UTC).date().isoformat()


def consent(language: str, is_given: bool) -> bool:
    """Return whether the editor agrees; raises ConfigError where nobody can be asked."""
    if is_given:
        return True
    if not _is_terminal():
        raise ConfigError("event-unconfirmed")
    if click.confirm(messages.text("cli.confirm", language), err=True):
        return True
    say("event-left", language)
    return False


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def tell(planned: Plan, language: str, folder: Path) -> None:
    """Write what changes for whom to stderr."""
    details = _details(planned, language, folder)
    title = messages.text(f"lifecycle.{planned.event}.title", language, **details)
    click.secho(title, bold=True, err=True)
    for reader in _READERS:
        _line(reader, f"lifecycle.{planned.event}.{reader}", language, details)
    _line("sources", f"lifecycle.file.{planned.fate}", language, details)
    if planned.mentions:
        _line("mentions", f"lifecycle.{planned.event}.mentions", language, details)
    for place in planned.mentions[:_MOST_MENTIONS]:
        click.echo(f"      {place}", err=True)
    if len(planned.mentions) > _MOST_MENTIONS:
        click.echo(f"      … (+{len(planned.mentions) - _MOST_MENTIONS})", err=True)


def _line(label: str, key: str, language: str, details: dict[str, str]) -> None:
    label = messages.text(f"lifecycle.label.{label}", language)
    click.echo(f"  {label}: {messages.text(key, language, **details)}", err=True)


def _details(planned: Plan, language: str, folder: Path) -> dict[str, str]:
    named = {key: f"{key} ({name})" if name else key for key, name in planned.names.items()}
    start = planned.iri.rpartition("/")[0]
    nobody = messages.text("lifecycle.nobody", language)
    reason = f"lifecycle.reason.{planned.reason}"
    return {
        "id": planned.id,
        "named": named[planned.id],
        "target": ", ".join(planned.targets),
        "targets": ", ".join(named[target] for target in planned.targets) or nobody,
        "iri": planned.iri,
        "target_iri": ", ".join(f"{start}/{target}" for target in planned.targets),
        "doc": f"/doc/{planned.type}/{planned.id}",
        "reason": messages.text(reason, language) if planned.reason else "",
        "file": planned.file.relative_to(folder).as_posix(),
        "command": planned.command or "–",
    }
