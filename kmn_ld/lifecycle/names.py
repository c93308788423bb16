"""Finds names in texts and bytes, however they are written: escaped, encoded, packed."""

import bz2
import gzip
import lzma
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote


class _Bytes(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


SHORTEST = 4
"""Characters of a name that is looked for: shorter ones stand in too many words."""

_BETWEEN = r"(?:[\W_]|%[0-9A-F]{2}|\\u[0-9a-f]{4}|&#?[0-9a-z]+;){0,12}"
"""What may stand between words of a name: nothing, signs, and what formats make of signs."""

_SPELLED_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_PACKED: dict[str, Callable[[BinaryIO], _Bytes]] = {
    ".gz": lambda raw: gzip.GzipFile(fileobj=raw),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
_PIECE = 8 * 1024 * 1024
_OVERLAP = 4096
"""Bytes of a piece that are looked at again with the next one: longer than any name."""


def searchable(names: Iterable[str]) -> list[str]:
    """Return the names that can be looked for, sorted, composed (NFC), each once."""
    composed = {unicodedata.normalize("NFC", " ".join(name.split())) for name in names}
    return sorted(name for name in composed if len(name) >= SHORTEST)


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of these names in a text, without regard to case; None for none.

    Umlauts may be spelt out, special characters escaped as JSON, XML, N-Triples and addresses do;
    words may be joined by other signs, as in file names and e-mail addresses.
    """
    wanted = searchable(names)
    if not wanted:
        return None
    return re.compile("|".join(_of_name(name) for name in wanted), re.IGNORECASE)


def texts_of(path: Path) -> Iterator[str]:
    """Yield the bytes of a file as text, piece by piece, and what is packed in it."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield from _pieces(member)
    with _opened(path) as source:
        yield from _pieces(source)


def files_with(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """Return every file at or below a folder whose name or content has a match, sorted."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (pattern.search(path.name) or has_name(path, pattern))
    ]


def has_name(path: Path, pattern: re.Pattern[str]) -> bool:
    """Return whether the content of a file has a match."""
    return any(pattern.search(text) for text in texts_of(path))


@contextmanager
def _opened(path: Path) -> Iterator[_Bytes]:
    """Open a file by its ending, packed or not."""
    with path.open("rb") as raw:
        unpack = _PACKED.get(path.suffix)
        yield unpack(raw) if unpack else raw


def _pieces(source: _Bytes) -> Iterator[str]:
    rest = b""
    while piece := source.read(_PIECE):
        text = (rest + piece).decode("utf-8", "replace")
        yield text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
        rest = piece[-_OVERLAP:]


def _of_name(name: str) -> str:
    words = [word for word in re.split(r"[\W_]+", name) if word]
    if not words:  # signs alone
        return re.escape(name)
    return _BETWEEN.join("".join(map(_of_character, word)) for word in words)


def _of_character(character: str) -> str:
    if character.isascii():
        return re.escape(character)
    ways = {re.escape(one) for case in (character, character.lower()) for one in _ways(case)}
    return f"(?:{'|'.join(sorted(ways))})"


def _ways(character: str) -> Iterator[str]:
    yield character
    yield quote(character)
    yield f"\\u{ord(character):04x}" if ord(character) < 1 << 16 else f"\\U{ord(character):08x}"
    yield f"&#{ord(character)};"
    yield f"&#x{ord(character):x};"
    if character in _SPELLED_OUT:
        yield _SPELLED_OUT[character]
