"""Knows which words count as one another: abbreviations, names of places and languages.

They are data (`thesaurus.toml`); a text is indexed with what it counts as.
"""

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from kmn_ld.search.folding import stems

_FILE = Path(__file__).with_name("thesaurus.toml")

_Stems = tuple[str, ...]


@cache
def _table() -> dict[str, list[tuple[_Stems, tuple[_Stems, ...]]]]:
    """Return first stem of a form → (the form's stems, the other forms')."""
    table: defaultdict[str, list[tuple[_Stems, tuple[_Stems, ...]]]] = defaultdict(list)
    for entry in tomllib.loads(_FILE.read_text(encoding="utf-8"))["same"]:
        forms = [tuple(stems(form)) for form in entry["forms"]]
        for form in forms:
            others = tuple(other for other in forms if other != form)
            table[form[0]].append((form, others))
    return dict(table)


def forms() -> list[list[str]]:
    """Return the entries of the table as they are written."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return [list(entry["forms"]) for entry in data["same"]]


@cache
def language_names(tag: str) -> tuple[str, ...]:
    """Return what a language calls itself, by its tag (BCP 47)."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(data["languages"].get(tag, ()))


def also(text_stems: Sequence[str]) -> list[str]:
    """Return the stems that a text counts as having too, sorted, without its own."""
    found: set[str] = set()
    table = _table()
    for position, first in enumerate(text_stems):
        for form, others in table.get(first, ()):
            if tuple(text_stems[position : position + len(form)]) == form:
                found.update(one for other in others for one in other)
    return sorted(found.difference(text_stems))
