"""docs/cli.md is what `--help` says."""

from pathlib import Path

import click
import pytest

from kmn_ld.cli import main

_HELP = {"help_option_names": ["-h", "--help"]}
PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def commands(command=main, path=("kmn-ld",)):
    """Yield path and command of each command, groups first."""
    yield path, command
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield from commands(child, (*path, name))


def reference():
    """Return the page: one section a command, with its help."""
    parts = [
        "# Command reference\n\nGenerated from `--help` by `python -m tests.cli.test_reference`.\n"
    ]
    for path, command in commands():
        name = " ".join(path)
        context = click.Context(command, info_name=name, terminal_width=96, **_HELP)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def test_the_command_reference_is_up_to_date():
    assert reference() == PAGE.read_text("utf-8")


@pytest.mark.parametrize("path", [" ".join(path) for path, _ in commands()])
def test_every_command_and_every_option_has_help(path):
    command = next(command for names, command in commands() if " ".join(names) == path)
    assert command.help
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert [option.name for option in options if not option.help] == []


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
