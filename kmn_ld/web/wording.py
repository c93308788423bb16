"""Writes literals for readers: dates and numbers as their language has them, contacts as links."""

import re
from dataclasses import dataclass

from kmn_ld.engine.terms import Literal
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import languages

_XSD = PREFIXES["xsd"]
_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:T(?P<time>\d\d:\d\d):\d\d(?:\.\d+)?)?)?)?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_DATES = frozenset(_XSD + name for name in ("date", "dateTime", "gYearMonth", "gYear"))
_NUMBER = re.compile(r"[+-]?(\d+)(\.\d+)?")
_NUMBERS = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float", "int"))
_BOOLEAN = {"true": "values.true", "1": "values.true", "false": "values.false", "0": "values.false"}
_KEYS = frozenset((PREFIXES["skos"] + "notation", PREFIXES["dcterms"] + "identifier"))
"""Properties whose numbers are keys, not quantities."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"\+?[\d ()/.-]{5,}")
_CONTACTS = {
    PREFIXES["cv"] + "email": ("mailto", _EMAIL),
    PREFIXES["cv"] + "telephone": ("tel", _TELEPHONE),
}
_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
_MARKS = {"de": str.maketrans(".,", ",."), "en": {}}
"""What becomes of decimal point and comma in numbers for people."""


@dataclass(frozen=True)
class Wording:
    """A literal for readers: `text`, and what it is for machines.

    `kind` is "date" (`machine` is for `datetime=`), "number" (`machine` is for `value=`), "link"
    (`machine` is for `href=`) or empty.
    """

    text: str
    kind: str = ""
    machine: str = ""


def worded(term: Literal, by: str = "") -> Wording:
    """Return a literal without language, as a value of the property `by`, for the reader."""
    if by in _CONTACTS:
        return _contact(term.value, *_CONTACTS[by])
    if term.datatype in _DATES:
        return _date(term.value)
    if term.datatype in _NUMBERS and by not in _KEYS:
        return _number(term.value)
    if term.datatype == _XSD + "boolean" and term.value in _BOOLEAN:
        return Wording(languages.text(_BOOLEAN[term.value]))
    return Wording(term.value)


def marked(text: str) -> str:
    """Turn the marks of a number ("1,234.5") into those of the reader's language."""
    return text.translate(_MARKS[languages.current()])


def direction(tag: str) -> str:
    """Return the writing direction for `dir=`: that of a language, or what the text shows."""
    parts = tag.lower().split("-")
    return "rtl" if parts[0] in _RIGHT_TO_LEFT and "latn" not in parts else "auto"


def _date(text: str) -> Wording:
    found = _DATE.fullmatch(text)
    if not found:
        return Wording(text)
    year, month, day, time, zone = found.group("year", "month", "day", "time", "zone")
    machine = text if time else text.removesuffix(zone or "")
    shown = year
    if month:
        name = languages.text(f"months.m{month}")
        full = languages.text("dates.day", day=int(day), month=name, year=year) if day else ""
        shown = full or languages.text("dates.month", month=name, year=year)
    if time:
        shown = languages.text("dates.time", date=shown, time=time)
        shown += f" ({'UTC' if zone in ('Z', '+00:00') else zone})" if zone else ""
    return Wording(shown, "date", machine)


def _number(text: str) -> Wording:
    found = _NUMBER.fullmatch(text)
    if not found:
        return Wording(text)
    whole, fraction = int(found[1]), found[2] or ""
    sign = "−" if text.startswith("-") else ""
    return Wording(sign + marked(f"{whole:,}{fraction}"), "number", text.removeprefix("+"))


def _contact(text: str, scheme: str, form: re.Pattern[str]) -> Wording:
    if not form.fullmatch(text.strip()):
        return Wording(text)
    address = re.sub(r"[^+\d]", "", text) if scheme == "tel" else text.strip()
    return Wording(text, "link", f"{scheme}:{address}")
