"""Turns command-line words into one function call, and errors into exit codes."""

from kmn_ld.cli.commands import main

__all__ = ["main"]
