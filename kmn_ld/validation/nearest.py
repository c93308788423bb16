"""Finds what somebody may have meant by a key that does not exist."""

from difflib import get_close_matches
from pathlib import Path

from kmn_ld import iris
from kmn_ld.ledger import Ledger
from kmn_ld.sources import SourceFile
from kmn_ld.validation.reading import Reading
from kmn_ld.vocab import BASE

_ALIKE = 0.7
"""How alike two keys must be (0-1) for one to be a slip of the other."""


def nearest_key(file: SourceFile, reading: Reading, ledger: Ledger | None) -> str:
    """Return the key that a file was to be named by, or nothing: its name may stand, or is alone.

    Keys of missing files come first.
    """
    if not file.about.startswith(f"{BASE}id/"):
        return ""
    name = iris.parse_iri(file.about)
    key, folder = Path(file.name).stem, file.name.rpartition("/")[0]
    if name and (name.type not in iris.OPAQUE_TYPES or not ledger or key in ledger.types):
        return ""
    missing = [
        Path(one.name).stem for one in reading.missing if one.name.rpartition("/")[0] == folder
    ]
    kind = file.about.removeprefix(f"{BASE}id/").partition("/")[0]
    issued = [one for one, of in ledger.types.items() if of == kind] if ledger else []
    for keys in (missing, issued):
        if found := get_close_matches(key, keys, n=1, cutoff=_ALIKE):
            return found[0]
    return ""
