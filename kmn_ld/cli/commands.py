"""The commands of the contract; each calls one function and shows what it returns."""

import locale
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kmn_ld import ledger as ledger_file
from kmn_ld import releases, sources
from kmn_ld.build import build_dataset, build_release, check_sources
from kmn_ld.cli import erasing, lifecycle
from kmn_ld.cli.output import (
    GuardedGroup,
    TerminalProgress,
    lang_option,
    say,
    say_counts,
    show_findings,
    show_growth,
)
from kmn_ld.cli.querying import WIDEST, describe_release, run_query
from kmn_ld.config import Settings
from kmn_ld.formats import GRAPHS, SOLUTIONS
from kmn_ld.lifecycle import known_id
from kmn_ld.lifecycle import read as read_ledger
from kmn_ld.validation import git
from kmn_ld.validation.findings import violations
from kmn_ld.validation.layout import check_layout, rewrite
from kmn_ld.validation.ledger_rules import COMPLETE, history
from kmn_ld.validation.reporting import REPORTS, report

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

sources_option = click.option("--sources", type=_FOLDER, help="Folder of the sources.")
releases_option = click.option("--releases", "folder", type=_FOLDER, help="Folder of the releases.")


@click.group(cls=GuardedGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kmn-ld")
def main() -> None:
    """Linked open data of the Kooperative Migrationsarbeit Niedersachsen."""
    with suppress(locale.Error):  # a locale that the machine does not have: English
        locale.setlocale(locale.LC_MESSAGES, "")


@main.command()
@sources_option
@releases_option
@click.option("--dataset", type=_FILE, help="Make a release of one N-Quads or TriG file.")
@click.option("--force", is_flag=True, help="Make a release even where nothing has changed.")
@lang_option
def build(language: str, **options: Any) -> None:
    """Make a release of the sources and make it current."""
    settings = Settings.from_env(sources=options["sources"], releases=options["folder"])
    progress = TerminalProgress(language)
    if options["dataset"]:
        outcome = build_dataset(settings, options["dataset"], progress, force=options["force"])
    else:
        outcome = build_release(settings, progress, force=options["force"])
    show_findings(outcome.findings, language, err=True)
    show_growth(outcome.findings, outcome.before, language)
    say("built" if outcome.is_new else "unchanged", language, id=outcome.release.id)


@main.command()
@sources_option
@releases_option
@click.option("--format", "output", type=click.Choice(["text", *REPORTS]), default="text",
              help="Form of the findings: for a terminal, for programs, as a page.")  # fmt: skip
@click.option("--notes", is_flag=True, help="List every note, not only how many there are.")
@lang_option
def check(language: str, output: str, **options: Any) -> None:
    """Check everything that `build` checks, without building."""
    settings = Settings.from_env(sources=options["sources"], releases=options["folder"])
    checked = check_sources(settings, TerminalProgress(language))
    findings = checked.findings
    if output == "text":
        show_findings(findings, language, all_notes=options["notes"])
    else:
        click.echo(report(findings, output, settings.sources, language))
    path = settings.sources / sources.LEDGER
    known = history(path)
    if known != COMPLETE:
        say(f"history-{known}", language, reason=git.fault(path.parent))
    show_growth(findings, checked.before, language)
    say_counts(findings, language)
    sys.exit(1 if violations(findings) else 0)


@main.command()
@sources_option
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if it would.")
@lang_option
def fmt(language: str, only_check: bool, **options: Any) -> None:
    """Write all Turtle in the one house layout."""
    settings = Settings.from_env(sources=options["sources"])
    if only_check:
        findings = list(check_layout(settings.sources))
        show_findings(findings, language)
        sys.exit(1 if findings else 0)
    for path in rewrite(settings.sources):
        click.echo(path)


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="Number of server processes.")
@releases_option
@lang_option
def serve(language: str, **options: Any) -> None:
    """Serve the current release; a new one is picked up without dropping a request."""
    from kmn_ld.web.serving import serve as run  # noqa: PLC0415 - flask is loaded to serve alone

    settings = Settings.from_env(
        host=options["host"],
        port=options["port"],
        workers=options["workers"],
        releases=options["folder"],
    )
    run(settings, lambda url: say("serving", language, url=url))


@main.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--format", "output", default="table",
              type=click.Choice(["table", *SOLUTIONS, *GRAPHS]),
              help="Form of the result; a table of triples comes as Turtle.")  # fmt: skip
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE",
              help="Value of a parameter in the query's header; may be repeated.")  # fmt: skip
@releases_option
@lang_option
def query(file: Any, output: str, **options: Any) -> None:
    """Run the query in FILE (or stdin) on the current release."""
    settings = Settings.from_env(releases=options["folder"])
    text = file.read().decode("utf-8", "surrogateescape")
    widest = WIDEST if sys.stdout.isatty() else None
    parameters = options["parameters"]
    result = run_query(settings, text, output, parameters=parameters, widest=widest)
    sys.stdout.buffer.write(result)


@main.command()
@releases_option
@lang_option
def push(language: str, **options: Any) -> None:
    """Load the current release into the engine that `KMN_LD_ENDPOINT` names.

    What it held before goes on answering until everything has arrived.
    """
    from kmn_ld.build.pushing import push_release  # noqa: PLC0415 - its library is for this alone

    settings = Settings.from_env(releases=options["folder"])
    release = push_release(settings, TerminalProgress(language))
    say("pushed", language, id=release.id)


@main.group("releases")
def releases_group() -> None:
    """Work with the releases on disk."""


@releases_group.command("list")
@releases_option
@lang_option
def list_releases(**options: Any) -> None:
    """List all releases, oldest first; `*` marks the current one."""
    settings = Settings.from_env(releases=options["folder"])
    current = releases.current_id(settings.releases)
    for key in releases.all_ids(settings.releases):
        click.echo(f"{'*' if key == current else ' '} {key}  {describe_release(settings, key)}")


@releases_group.command()
@click.argument("id")
@releases_option
@lang_option
def activate(language: str, **options: Any) -> None:
    """Make the release ID the current one."""
    settings = Settings.from_env(releases=options["folder"])
    releases.activate(settings.releases, options["id"])
    say("activated", language, id=options["id"])


@releases_group.command()
@click.option("--keep", type=click.IntRange(1), default=10, show_default=True,
              help="Number of newest releases that stay.")  # fmt: skip
@releases_option
@lang_option
def prune(language: str, keep: int, **options: Any) -> None:
    """Remove old releases; the current one always stays."""
    settings = Settings.from_env(releases=options["folder"])
    removed = releases.prune(settings.releases, keep)
    say("pruned", language, count=len(removed))


@main.command()
@click.option("--type", "kind", type=click.Choice(["org", "service"]), default="org",
              show_default=True, help="What the ids are for.")  # fmt: skip
@click.option("--count", type=click.IntRange(1, 10_000), default=1, help="Number of ids.")
@click.option("--publish", "at_once", is_flag=True, help="Publish the ids at once.")
@sources_option
@lang_option
def mint(language: str, kind: str, count: int, **options: Any) -> None:
    """Reserve new ids in the ledger and print them."""
    settings = Settings.from_env(sources=options["sources"])
    path = settings.sources / sources.LEDGER
    date = datetime.now(UTC).date().isoformat()
    keys = ledger_file.mint(path, kind, count, date=date)
    if options["at_once"]:
        ledger_file.publish(path, keys, date=date)
    click.echo("\n".join(keys))
    say("published" if options["at_once"] else "minted", language, path=path)


@main.command()
@click.argument("ids", nargs=-1, required=True)
@sources_option
@lang_option
def publish(language: str, ids: tuple[str, ...], **options: Any) -> None:
    """Publish reserved IDS: from the next build on their files are loaded."""
    settings = Settings.from_env(sources=options["sources"])
    path = settings.sources / sources.LEDGER
    known = read_ledger(settings.sources)
    keys = [known_id(key, known) for key in ids]
    sources.demand_files(settings.sources, keys)
    ledger_file.publish(path, keys, date=datetime.now(UTC).date().isoformat())
    say("published", language, path=path)


lifecycle.register(main)
main.add_command(erasing.erase)
