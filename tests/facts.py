"""The source tables, and how each of their columns is read back from the store.

A column is a SPARQL property path from the record to the values that its cells hold; `Column.cell`
turns a cell into the values that the store should hold.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "shared" / "facts"

Cell = Callable[[str], set[str]]


def several(cell: str) -> set[str]:
    """Return the values of a cell; `|` separates several."""
    return {part for part in cell.split("|") if part}


def number(cell: str) -> set[str]:
    """Return a number in the form in which numbers are compared."""
    return {str(Decimal(cell).normalize())} if cell else set()


def one(cell: str) -> set[str]:
    """Return the text of a cell as it stands, `|` included."""
    return {cell} if cell else set()


def by_channel(cell: str) -> set[str]:
    """Return the texts of a cell; opening hours by phone belong to a channel of their own."""
    return {part for part in cell.split(". Telefon: ") if part}


def prefixed(prefix: str) -> Cell:
    """Return a cell reader that completes values to IRIs."""
    return lambda cell: {prefix + part for part in several(cell)}


def not_stated(cell: str) -> set[str]:
    """Return the values of a cell where an empty one has a word of its own."""
    return several(cell) or {"nicht-angegeben"}


@dataclass(frozen=True)
class Column:
    """A column: the SPARQL patterns from ?row to ?value, and how its cells are read."""

    patterns: str
    cell: Cell = one


@dataclass(frozen=True)
class Table:
    """A table: patterns that bind ?row and its ?key, the columns of the key, the other columns.

    A key of several columns is their cells, joined by blanks. `rows` selects the rows of the file
    that these columns are about.
    """

    file: str
    keys: tuple[str, ...]
    patterns: str
    columns: dict[str, Column]
    rows: Callable[[dict[str, str]], bool] = lambda row: True

    def key(self, row: dict[str, str]) -> str:
        """Return the key of a row."""
        return " ".join(row[name] for name in self.keys)

    def read(self) -> list[dict[str, str]]:
        """Return the rows."""
        with (FOLDER / f"{self.file}.csv").open(encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file) if self.rows(row)]


def _slug(path: str) -> Column:
    """Return a column of slugs: the notation that a concept or record has from the tables."""
    return Column(f"?row {path} ?other . ?other skos:notation ?value . {_IS_SLUG}", several)


def _last(path: str, cell: Cell = several) -> Column:
    """Return a column whose values are the last parts of IRIs."""
    return Column(f'?row {path} ?other . BIND (REPLACE(STR(?other), "^.*/", "") AS ?value)', cell)


def _language(path: str, language: str) -> Column:
    return Column(f'?row {path} ?value . FILTER (LANG(?value) = "{language}")', several)


def _match(prefix: str, path: str = "skos:exactMatch", cell: Cell | None = None) -> Column:
    patterns = f'?row {path} ?value . FILTER (STRSTARTS(STR(?value), "{prefix}"))'
    return Column(patterns, cell or prefixed(prefix))


_IS_SLUG = "FILTER (DATATYPE(?value) = kmn:factsSlug)"
_KEYED = "?row skos:notation ?key . FILTER (DATATYPE(?key) = kmn:factsSlug) "
_LABELS = {
    "label_de": Column('?row skos:prefLabel|rdfs:label ?value . FILTER (LANG(?value) = "de")'),
    "label_en": Column('?row skos:prefLabel|rdfs:label ?value . FILTER (LANG(?value) = "en")'),
}
_POSITION = Column("?row skos:notation ?value . FILTER (isNumeric(?value))", number)
_SOURCES = Column("?row prov:hadPrimarySource/foaf:page ?value .", several)
_NOTE = Column("?row skos:editorialNote ?value .")
_STREET = Column(
    "?row locn:address ?address . ?address locn:thoroughfare ?street . "
    "OPTIONAL { ?address locn:locatorDesignator ?number } "
    'BIND (CONCAT(?street, COALESCE(CONCAT(" ", ?number), "")) AS ?value)'
)
WIKIDATA = "http://www.wikidata.org/entity/"
GEONAMES = "https://sws.geonames.org/"

DISTRICTS = Table(
    "districts",
    ("ags",),
    "?row a cv:AdminUnit ; kmn:ags ?key .",
    {
        "ags": Column("?row dcterms:identifier ?value ."),
        "ars": Column("?row kmn:ars ?value ."),
        "nuts3": Column("?row kmn:nuts ?value ."),
        "name_de": _language("skos:prefLabel", "de"),
        "name_short": Column(
            "OPTIONAL { ?row skos:altLabel ?short } ?row skos:prefLabel ?long . "
            "BIND (COALESCE(?short, ?long) AS ?value)"
        ),
        "type": _slug("kmn:districtType"),
        "seat": Column("?row kmn:seat/rdfs:label ?value ."),
        "seat_ags": Column("?row kmn:seat/kmn:ags ?value ."),
        "seat_ars": Column("?row kmn:seat/kmn:ars ?value ."),
        "wikidata": _match(WIKIDATA),
        "seat_wikidata": _match(WIKIDATA, "kmn:seat/skos:exactMatch"),
        "geonames_id": _match(GEONAMES, "?any"),
        "seat_geonames_id": _match(
            GEONAMES, "kmn:seat/skos:exactMatch", lambda cell: {f"{GEONAMES}{cell}/"}
        ),
        "dcat_ap_de_uri": _match("http://dcat-ap.de/", cell=one),
        "nuts_uri": _match("http://data.europa.eu/nuts/", cell=one),
        "area_km2": Column("?row kmn:areaKm2 ?value .", number),
        "population_2018": Column(
            "?row kmn:population ?p . ?p schema:value ?value ; "
            'dcterms:date "2018-12-31"^^xsd:date .',
            number,
        ),
        "bkg_id": Column("?row kmn:bkgId ?value ."),
        "bkg_valid_since": Column("?row dcterms:valid ?value ."),
    },
)
ORGANISATIONS = Table(
    "organisations",
    ("id",),
    _KEYED + "?row org:classification [] .",
    {
        "name_de": Column('?row skos:prefLabel ?value . FILTER (LANG(?value) = "de")'),
        "name_alt": _language("skos:altLabel", "de"),
        "kind": _slug("org:classification"),
        "pillar": _slug("kmn:inPillar"),
        "street": _STREET,
        "postal_code": Column("?row locn:address/locn:postCode ?value ."),
        "town": Column("?row locn:address/locn:postName ?value ."),
        "district_ags": Column("?row dcterms:spatial/kmn:ags ?value ."),
        "phone": Column("?row cv:contactPoint/cv:telephone ?value ."),
        "fax": Column("?row cv:contactPoint/kmn:faxNumber ?value ."),
        "email": Column("?row cv:contactPoint/cv:email ?value ."),
        "homepage": Column("?row foaf:homepage ?value ."),
        "parent_id": _slug("(org:unitOf|org:subOrganizationOf)"),
        "languages": Column(
            "?service kmn:providedBy ?row ; kmn:hasLanguageOffer/dcterms:language ?language . "
            "?concept skos:exactMatch ?language ; dcterms:identifier ?value .",
            several,
        ),
        "opening_hours_text": Column(
            "?service kmn:providedBy ?row ; cv:hasChannel/cv:openingHours ?hours . "
            "?hours dcterms:description ?value . FILTER (LANG(?value) = 'de')",
            by_channel,
        ),
        "confidence": _last("kmn:confidence"),
        "source_url": _SOURCES,
        "source_note": _NOTE,
    },
)
REGIONS = Table(
    "regional_associations",
    ("id",),
    _KEYED + "?row a kmn:RegionalAssociation .",
    {
        "name_de": _language("skos:prefLabel", "de"),
        "name_short": _language("skos:altLabel", "de"),
        "districts_evidenced": Column("?row kmn:evidencedInDistrict/kmn:ags ?value .", several),
        "coverage_status": _last("kmn:coverageStatus"),
        "lead_organisation_id": _slug("kmn:leadOrganisation"),
        "lead_status": _last("kmn:leadStatus"),
        "lead_organisation_text": Column(
            "?row kmn:leadText ?value . "
            'FILTER (LANG(?value) = "en" || '
            'NOT EXISTS { ?row kmn:leadText ?english . FILTER (LANG(?english) = "en") })'
        ),
        "as_of": Column("?row kmn:asOf ?value ."),
        "source_url": _SOURCES,
        "source_note": _NOTE,
    },
)
PILLARS = Table(
    "pillars",
    ("id",),
    _KEYED + "?row a kmn:Pillar .",
    {
        **_LABELS,
        "position": _POSITION,
        "kind": _last("kmn:pillarKind"),
        "funder_level": _last("kmn:funderLevel", not_stated),
        "funder_basis": _NOTE,
    },
)
FUNCTION_SCHEMES = {
    "network-contribution": "contribution",
    "network-goal": "goal",
    "regional-association-task": "task",
    "regional-association-role": "role",
    "coordination-task": "role",
}
_SCHEME = Column(
    "?row skos:inScheme/dcterms:identifier ?value .", lambda cell: {FUNCTION_SCHEMES[cell]}
)
FUNCTIONS = Table(
    "functions",
    ("id",),
    _KEYED + "?row a ?class . FILTER (?class IN (kmn:Contribution, kmn:Goal, kmn:Task))",
    {**_LABELS, "group": _SCHEME, "position": _POSITION},
    lambda row: FUNCTION_SCHEMES[row["group"]] != "role",
)
ROLES = Table(
    "functions",
    ("id",),
    _KEYED + "?row a org:Role .",
    {
        "label_de": _language("skos:definition", "de"),
        "label_en": _language("skos:definition", "en"),
        "group": _SCHEME,
    },
    lambda row: FUNCTION_SCHEMES[row["group"]] == "role",
)
"""Their position, 1 in each group, is not stated: there is one row per group."""
PARTNERS = Table(
    "further_partners",
    ("id",),
    _KEYED + '{ ?row a kmn:PartnerType } UNION { ?row org:role/dcterms:identifier "partner" }',
    {
        **_LABELS,
        "organisation_id": Column(
            f"?organisation org:hasMembership ?row ; skos:notation ?value . {_IS_SLUG}"
        ),
        "kind": Column(
            '{ ?row a org:Membership . BIND ("organisation" AS ?value) } UNION '
            "{ ?row skos:broader/dcterms:identifier ?value }"
        ),
    },
)
PARTICIPANTS = Table(
    "regional_association_participants",
    ("regional_association_id", "organisation_text", "date"),
    "?association kmn:hasParticipationEvidence ?row ; skos:notation ?slug . "
    "?row kmn:participantText ?name . OPTIONAL { ?row dcterms:date ?date } "
    'BIND (CONCAT(STR(?slug), " ", STR(?name), " ", COALESCE(STR(?date), "")) AS ?key)',
    {
        "service_or_role_text": Column(
            '?row kmn:participationText ?value . FILTER (LANG(?value) = "en" || NOT EXISTS { '
            '?row kmn:participationText ?english . FILTER (LANG(?english) = "en") })',
            several,
        ),
        "organisation_id": _slug("kmn:participant"),
        "source_url": _SOURCES,
    },
)
HISTORY = Table(
    "history",
    ("date_from",),
    "?row a org:ChangeEvent ; dcterms:date ?key .",
    {
        "date_latest": Column("?row prov:endedAtTime ?value ."),
        "event_type": _slug("dcterms:type"),
        "subject_id": Column(
            "?row prov:used|prov:generated ?subject . "
            f"{{ ?subject skos:notation ?value . {_IS_SLUG} }} UNION "
            "{ ?subject a cv:AdminUnit ; kmn:ags ?value }"
        ),
        "description": Column('?row dcterms:description ?value . FILTER (LANG(?value) = "en")'),
        "source_url": _SOURCES,
        "source_note": _NOTE,
    },
)
TABLES = (
    DISTRICTS, ORGANISATIONS, REGIONS, PARTICIPANTS, PILLARS, FUNCTIONS, ROLES, PARTNERS, HISTORY,
)  # fmt: skip
"""All tables, with all their rows and columns."""
