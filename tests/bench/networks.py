"""Synthetic networks: made-up organisations with about 25 triples each, as the real ones have.

As a dataset all IRIs lie under `https://example.org/`. As sources the organisations need ids of
ours, drawn for the occasion and thrown away with the folder; their values lie under example.org.
"""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kmn_ld import ledger
from kmn_ld.vocab import BASE, PREFIXES

TRIPLES_PER_ORGANISATION = 25
FOLDERS = ("ontology", "data", "shapes", "queries")
PILLARS = (
    "jmd",
    "mbe",
    "koordinierungsstellen",
    "regionale-initiativen",
    "landesgefoerderte-beratung",
)
DISTRICTS = ("03101", "03241", "03254", "03351", "03403", "03404", "03453", "03460")
_WORDS = ("Haus", "Brücke", "Treff", "Beratung", "Verein", "Hafen", "Werkstatt", "Forum")
_EXAMPLE = "https://example.org/"
_DAY = "2100-01-01"
"""Behind every event of the shipped ledger, whose dates never go back."""


@dataclass(frozen=True)
class Organisation:
    """A made-up organisation; `iri` names it, `number` makes its values differ."""

    iri: str
    key: str
    number: int

    def statements(self, base: str) -> Iterator[tuple[str, str, str]]:
        """Yield its triples as N-Triples terms; `base` holds concepts and districts."""
        rng = random.Random(self.number)
        word = rng.choice(_WORDS)
        names = {
            "": f"{word} {self.number}",
            "ar": f"مركز {self.number}",
            "tr": f"Danışma {self.number}",
        }
        thing, contact, address = (f"<{self.iri}{part}>" for part in ("", "#contact", "#address"))
        yield thing, _p("rdf", "type"), _p("org", "Organization")
        yield thing, _p("dcterms", "identifier"), _text(self.key)
        yield thing, _p("skos", "prefLabel"), _text(names.pop(""), "de")
        for language, name in names.items():
            yield thing, _p("skos", "altLabel"), _text(name, language)
        yield thing, _p("skos", "altLabel"), _text(f"{word[:1]}{self.number}", "de")
        yield (
            thing,
            _p("skos", "notation"),
            f"{_text(f'made-up-{self.number}')}^^{_p('kmn', 'factsSlug')}",
        )
        yield thing, _p("org", "classification"), _concept(base, "kind/counselling-centre")
        yield thing, _p("kmn", "inPillar"), _concept(base, f"pillar/{rng.choice(PILLARS)}")
        district = rng.choice(DISTRICTS)
        yield thing, _p("dcterms", "spatial"), f"<{base}id/district/{district}>"
        yield thing, _p("foaf", "homepage"), f"<{_EXAMPLE}home/{self.number}>"
        yield thing, _p("kmn", "status"), _concept(base, "status/active")
        yield thing, _p("prov", "hadPrimarySource"), f"<{base}id/source/destatis-kreise-2018>"
        yield thing, _p("kmn", "confidence"), _concept(base, "confidence/seen")
        yield thing, _p("kmn", "lastVerified"), f"{_text('2026-11')}^^{_p('xsd', 'gYearMonth')}"
        yield thing, _p("cv", "contactPoint"), contact
        yield thing, _p("locn", "address"), address
        yield contact, _p("rdf", "type"), _p("cv", "ContactPoint")
        yield contact, _p("rdfs", "label"), _text("Kontakt", "de")
        yield contact, _p("rdfs", "label"), _text("Contact", "en")
        yield contact, _p("cv", "email"), _text(f"info@office{self.number}.example.org")
        yield contact, _p("kmn", "contactBasis"), _concept(base, "contact-basis/functional")
        yield address, _p("rdf", "type"), _p("locn", "Address")
        yield address, _p("rdfs", "label"), _text("Anschrift", "de")
        yield address, _p("rdfs", "label"), _text("Address", "en")
        yield address, _p("locn", "postCode"), _text(f"{district[2:]}{rng.randrange(100):02d}")
        yield address, _p("locn", "postName"), _text(f"Ort {rng.randrange(500)}", "de")


def write_dataset(path: Path, triples: int) -> int:
    """Write a network of about so many triples as N-Quads; return the number of triples.

    Each stands in the named graph of organisations and in the default graph, as in a release.
    """
    graph = f"<{_EXAMPLE}graph/organisations>"
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for number in range(triples // TRIPLES_PER_ORGANISATION):
            made_up = Organisation(f"{_EXAMPLE}id/org/{number}", str(number), number)
            for triple in made_up.statements(_EXAMPLE):
                line = " ".join(triple)
                out.write(f"{line} .\n{line} {graph} .\n")
                count += 1
    return count


def write_sources(repository: Path, folder: Path, triples: int) -> int:
    """Write the shipped sources with so many made-up triples added; return the number added."""
    for name in FOLDERS:
        shutil.copytree(repository / name, folder / name)
    path = folder / "data" / "ledger.csv"
    keys = ledger.mint(path, "org", triples // TRIPLES_PER_ORGANISATION, date=_DAY)
    ledger.publish(path, keys, date=_DAY)
    count = 0
    for number, key in enumerate(keys):
        made_up = Organisation(f"{BASE}id/org/{key}", key, number)
        lines = [" ".join(triple) + " .\n" for triple in made_up.statements(BASE)]
        (folder / "data" / "organisations" / f"{key}.ttl").write_text("".join(lines), "utf-8")
        count += len(lines)
    return count


def _p(prefix: str, name: str) -> str:
    return f"<{PREFIXES[prefix]}{name}>"


def _concept(base: str, path: str) -> str:
    return f"<{base}id/concept/{path}>"


def _text(value: str, language: str = "") -> str:
    return f'"{value}"@{language}' if language else f'"{value}"'
