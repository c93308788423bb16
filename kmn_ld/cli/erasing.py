"""The command that erases: it tells what will go from where, asks, and names the report."""

from pathlib import Path
from typing import Any

import click

from kmn_ld.cli.lifecycle import consent, tell
from kmn_ld.cli.output import lang_option, say
from kmn_ld.config import Settings
from kmn_ld.lifecycle import Erasure, Rewritten, plan_erasure
from kmn_ld.lifecycle import erase as carry_out

_FOLDER = click.Path(file_okay=False, path_type=Path)
_MOST_LISTED = 20


@click.command()
@click.argument("id", required=False, default="")
@click.option("--name", "named", multiple=True,
              help="A name that has to go, with or without an ID; repeatable.")  # fmt: skip
@click.option("--keep", "kept", multiple=True,
              help="A name of ID that may stay, as others have it too; repeatable.")  # fmt: skip
@click.option("--sources", type=_FOLDER, help="Folder of the sources.")
@click.option("--releases", "folder", type=_FOLDER, help="Folder of the releases.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@lang_option
def erase(language: str, **given: Any) -> None:
    """Erase ID, or names, for good: from the sources and from every release on disk.

    ID then answers 410. Names are looked for in every spelling, and at the end in every byte.
    """
    settings = Settings.from_env(sources=given["sources"], releases=given["folder"])
    planned = plan_erasure(settings, given["id"], named=given["named"], kept=given["kept"])
    _tell(planned, language, settings)
    if given["dry_run"]:
        say("dry-run", language)
    elif consent(language, given["yes"]):
        report = carry_out(settings, planned, lambda one: _say_done(one, language))
        say("erased", language, path=report)


def _tell(planned: Erasure, language: str, settings: Settings) -> None:
    if planned.event is not None:
        tell(planned.event, language, settings.sources)
    else:
        say("erase-again" if planned.id else "erase-names-only", language, id=planned.id)
    for name in planned.names:
        say("erase-name", language, name=name)
    for name in planned.short:
        say("erase-short", language, name=name)
    for key, count in planned.affected.items():
        say("erase-release", language, id=key, count=count)
    say("erase-untouched", language, count=len(planned.untouched))
    for key, found in (("erase-other", planned.others), ("erase-place", planned.places)):
        for one in found[:_MOST_LISTED]:
            say(key, language, what=one)
        if len(found) > _MOST_LISTED:
            click.echo(f"  … (+{len(found) - _MOST_LISTED})", err=True)


def _say_done(one: Rewritten, language: str) -> None:
    say("erase-done", language, id=one.id, count=one.statements, digest=one.digest[:12])
