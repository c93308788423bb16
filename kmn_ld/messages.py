"""Texts for people in German and English: one catalogue a language, looked up by key.

A catalogue is the folder `catalogues/<language>/`, one file an area. An entry of `[errors.<key>]`
has a `title` and a `text`; an entry elsewhere is one text. Placeholders are Python format fields;
`{count:,}` is a number with the sign between thousands that the language has.
"""

import locale
import string
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kmn_ld.errors import KmnError

LANGUAGES = ("de", "en")
"""The languages of catalogues, the default for people first."""

_FOLDER = Path(__file__).parent / "catalogues"


@cache
def catalogue(language: str) -> dict[str, Any]:
    """Return the nested texts of one of `LANGUAGES`."""
    merged: dict[str, Any] = {"errors": {}}
    for path in sorted((_FOLDER / language).glob("*.toml")):
        area = tomllib.loads(path.read_text(encoding="utf-8"))
        merged["errors"].update(area.pop("errors", {}))
        merged.update(area)
    return merged


def text(key: str, language: str, /, **details: object) -> str:
    """Return the text at a dotted key (`"home.title"`), with its placeholders filled.

    Raises KeyError where the catalogue has no such entry.
    """
    entry: Any = catalogue(language)
    for part in key.split("."):
        entry = entry[part]
    if not isinstance(entry, str):
        raise KeyError(key)
    return _FORMATTERS[language].vformat(entry, (), details)


class _German(string.Formatter):
    """Writes `{number:,}` with the German sign between thousands."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as its placeholder wants it."""
        text = str(super().format_field(value, format_spec))
        return text.replace(",", ".") if format_spec == "," else text


_FORMATTERS = {"de": _German(), "en": string.Formatter()}


def in_all_languages(key: str, /, **details: object) -> dict[str, str]:
    """Return language → text of one entry."""
    return {language: text(key, language, **details) for language in LANGUAGES}


def explain(error: KmnError, language: str) -> tuple[str, str]:
    """Return the title and the text of an error: what is wrong, where, and what to do."""
    title = text(f"errors.{error.key}.title", language, **error.details)
    return title, text(f"errors.{error.key}.text", language, **error.details)


def language_of_terminal() -> str:
    """Return "de" on a German locale, else "en" (contract: messages of commands)."""
    name = locale.setlocale(locale.LC_MESSAGES, None) or ""
    return "de" if name.lower().startswith(("de", "german")) else "en"
