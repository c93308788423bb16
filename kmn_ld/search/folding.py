"""Folds texts, so that spellings of one word become one word: case, umlauts, marks, endings.

Both sides are folded alike: what stands in the index, and what people type.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    {
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
        "ـ": None,  # lengthens a line, says nothing
    }
)
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
_LEGAL_FORMS = "e v ev gmbh ggmbh aor kdor"
STOP_WORDS = frozenset(_SMALL.split() + _LEGAL_FORMS.split())
"""Folded words that say nothing of their own, legal forms among them (design: reconciliation 5)."""


def fold(text: str) -> str:
    """Return a text in lower case without marks; ß is ss, ae is a, digits are ASCII."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("\u200c", "")).translate(_LETTERS)
        text = "".join(_plain(letter) for letter in text)
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
    """Return the stems of a text's words, without those that say nothing."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def _plain(letter: str) -> str:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return ""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return letter


def _without_marks_of_format(text: str) -> str:
    """Leave out what is not seen, such as soft hyphens, so that it parts no words."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(one for one in composed if unicodedata.category(one) not in ("Cf", "Mn"))
