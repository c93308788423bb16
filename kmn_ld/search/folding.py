"""Folds texts, so that spellings of one word become one word: case, umlauts, marks, endings.

Both sides are folded alike: what stands in the index, and what people type.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_OWN = {
    "ı": "i",  # Turkish: "I" in lower case
    "ø": "o",
    "æ": "a",
    "œ": "o",
    "ł": "l",
    "đ": "d",
    "ґ": "г",
    "ٱ": "ا",
    "ى": "ي",  # Arabic and Persian keyboards have their own letters for one sound
    "ی": "ي",
    "ک": "ك",
    "ة": "ه",
    "ـ": "",  # lengthens a line, says nothing
}
"""Letters that Unicode does not take apart, and what they are folded to."""


class _Letters(dict[int, str]):
    """What becomes of each letter, remembered when it is first met (`str.translate`)."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = _OWN.get(letter, letter)
        if unicodedata.category(letter) in ("Cf", "Mn", "Me"):
            folded = ""
        elif letter.isdecimal():
            folded = str(unicodedata.decimal(letter))
        self[code] = folded
        return folded


_LETTERS = _Letters()
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_UMLAUTS = re.compile("([aou])e")
"""ü, ue and u are one: who has no umlauts on the keyboard writes either."""
_SUFFIXES = ("ern", "em", "en", "er", "es", "e", "n", "s")
_MOST_SUFFIXES = 2
_SHORTEST_STEM = 4
_ARTICLE = "ال"

_SMALL = (
    "der die das des dem den ein eine einer eines im in am an auf bei beim fur von vom zu zum zur "
    "mit und oder the of for and or at to a"
)
_ASKING = "wo wie wer was ich wir finde finden suche gibt es where how who find i is there"
"""How people begin a question."""
_LEGAL_FORMS = "e v ev gmbh ggmbh aor kdor"
STOP_WORDS = frozenset(f"{_SMALL} {_ASKING} {_LEGAL_FORMS}".split())
"""Folded words that say nothing of their own, legal forms among them (design: reconciliation 5)."""


def fold(text: str) -> str:
    """Return a text in lower case without marks; ß is ss, ae is a, digits are ASCII."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return _UMLAUTS.sub(r"\1", text)


def words(text: str) -> list[str]:
    """Return the folded words of a text, in their order; every other sign parts words."""
    return _WORD.findall(fold(text))


def spelled(text: str) -> list[tuple[str, str]]:
    """Return (folded word, word as it is written) of a text."""
    found = []
    for match in _WORD.finditer(_without_marks_of_format(text)):
        found += [(word, match[0]) for word in words(match[0])]
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a folded word without German endings: "kreuzes" and "kreuz" are one."""
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 2:
        return word[len(_ARTICLE) :]
    if not (word.isascii() and word.isalpha()):
        return word
    for _ in range(_MOST_SUFFIXES):
        endings = (one for one in _SUFFIXES if word.endswith(one))
        ending = next((one for one in endings if len(word) - len(one) >= _SHORTEST_STEM), "")
        word = word.removesuffix(ending)
    return word


def stems(text: str) -> list[str]:
    """Return the stems of a text's words; those that say nothing only where there is no other."""
    found = words(text)
    telling = [word for word in found if word not in STOP_WORDS]
    return [stem(word) for word in telling or found]


def joined(text: str) -> list[str]:
    """Return the stems of a text's hyphenated words as if they were written without hyphens."""
    return [stem(word) for one in _HYPHENATED.findall(text) for word in words(one.replace("-", ""))]


def _without_marks_of_format(text: str) -> str:
    """Leave out what is not seen, such as soft hyphens, so that it parts no words."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(one for one in composed if unicodedata.category(one) not in ("Cf", "Mn"))
