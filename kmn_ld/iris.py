"""Makes and takes apart our own IRIs, check digits included (design: identifiers, section 2)."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from kmn_ld.vocab import BASE

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
"""The 29 characters of an id: no vowels, no y, no l."""

_PAYLOAD_LENGTH = 5
_OPAQUE = re.compile(rf"k([{ALPHABET}]{{{_PAYLOAD_LENGTH}}})([0-9]{{2}})")
_REJECTED = ("88", "18", "28", "ss", "sa", "hj", "kz", "ns", "kkk", "hh", "1488")
_LOOKALIKES = str.maketrans("oil", "011", " -\t")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AGS = re.compile(r"03[0-9]{3}")
_IN_PATHS = "/:@!$&'()*+,;=~-._"
"""Characters that stand for themselves in a path (RFC 3986, 3.3)."""

OPAQUE_TYPES = ("org", "service")
"""Types whose keys are minted in the ledger."""

READABLE_TYPES = ("region", "programme", "event", "framework", "source", "claim", "agent")
"""Types whose key is one readable, fixed slug."""


@dataclass(frozen=True)
class ResourceName:
    """Type and key of a thing of ours, as they stand in its IRI behind `id/`.

    `key` is empty for the network and for nothing else.
    """

    type: str
    key: str

    @property
    def path(self) -> str:
        """The path behind `/id/` and `/doc/`: `network`, `org/k7x2qf96`, `concept/pillar/jmd`."""
        return f"{self.type}/{self.key}" if self.key else self.type

    @property
    def iri(self) -> str:
        """The canonical IRI of the thing."""
        return f"{BASE}id/{self.path}"


def check_digits(payload: str) -> str:
    """Return the two check digits (02-98) of the five characters behind the `k`."""
    number = 0
    for character in payload:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return f"{98 - number * 100 % 97:02d}"


def is_well_formed(key: str) -> bool:
    """Return whether the key has the canonical form of an opaque id with right check digits."""
    match = _OPAQUE.fullmatch(key)
    return match is not None and check_digits(match[1]) == match[2]


def has_opaque_form(key: str) -> bool:
    """Return whether the key looks like an opaque id, whatever its check digits."""
    return _OPAQUE.fullmatch(key) is not None


def canonical_id(text: str) -> str:
    """Return the id a person or a program meant: lower case, no blanks or hyphens, o→0, i→1, l→1.

    The result is not checked; a full IRI is cut to its last segment first.
    """
    return text.strip().rstrip("/").rsplit("/", 1)[-1].lower().translate(_LOOKALIKES)


def random_id() -> str:
    """Draw an id that is well formed and holds nothing of the reject list."""
    while True:
        payload = "".join(secrets.choice(ALPHABET) for _ in range(_PAYLOAD_LENGTH))
        candidate = f"k{payload}{check_digits(payload)}"
        if is_mintable(candidate):
            return candidate


def is_mintable(key: str) -> bool:
    """Return whether an id may be minted: well formed, no slur, both digits and letters."""
    payload = key[1:-2]
    return (
        is_well_formed(key)
        and not any(rejected in key for rejected in _REJECTED)
        and any(character.isdigit() for character in payload)
        and any(character.isalpha() for character in payload)
    )


def parse_path(path: str) -> ResourceName | None:
    """Return the name behind `/id/` or `/doc/`, or None where no thing of ours can have that path.

    The closed table of types is `identifiers` section 2; whether the thing exists is not asked.
    """
    if path == "network":
        return ResourceName("network", "")
    kind, _, key = path.partition("/")
    return ResourceName(kind, key) if _may_have_key(kind, key) else None


def _may_have_key(kind: str, key: str) -> bool:
    if kind in OPAQUE_TYPES:
        return has_opaque_form(key)
    if kind == "district":
        return _AGS.fullmatch(key) is not None
    if kind == "concept":
        scheme, _, slug = key.partition("/")
        return all(_KEY.fullmatch(part) for part in ((scheme, slug) if slug else (key,)))
    return kind in READABLE_TYPES and _KEY.fullmatch(key) is not None


def parse_iri(iri: str) -> ResourceName | None:
    """Return the name of a thing from its IRI, its fragment set aside, or None for other IRIs."""
    prefix = f"{BASE}id/"
    return parse_path(iri[len(prefix) :].partition("#")[0]) if iri.startswith(prefix) else None


def is_ours(iri: str) -> bool:
    """Return whether an IRI lies under our base."""
    return iri.startswith(BASE)


def document_of(iri: str) -> str:
    """Return an IRI without its fragment: what a client asks a server for."""
    return iri.partition("#")[0]


def quote_path(path: str) -> str:
    """Return a path as it stands in an address, with percent signs for what cannot stand there."""
    return quote(path, safe=_IN_PATHS)


def quote_iri(iri: str) -> str:
    """Return an IRI, or the end of one, as an address; what is encoded already stays so."""
    return quote(iri, safe=_IN_PATHS + "?#%")
