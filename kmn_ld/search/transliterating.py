"""Reads Cyrillic script as German would write it, for names that stand in Latin script alone."""

import re

from kmn_ld.search.folding import fold

_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "w", "г": "g", "д": "d", "е": "e", "ж": "sch", "з": "s",
        "и": "i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "z", "ч": "tsch",
        "ш": "sch", "щ": "schtsch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "u", "я": "ja",
        "є": "e",
    }
)  # fmt: skip
"""After folding: й is и, ё is е, ї is і. ю stands for ü in German names, е for ö, х for h."""


def in_latin(word: str) -> str:
    """Return a folded word in Latin letters, empty where it is not in Cyrillic script."""
    return fold(word.translate(_LETTERS)) if _CYRILLIC.fullmatch(word) else ""
