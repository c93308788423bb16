"""In which order a page tells the properties of a thing, and which of them stand apart."""

from kmn_ld.describe.names import expand, shorten

_FIRST = (
    "skos:prefLabel",
    "skos:altLabel",
    "rdfs:label",
    "dcterms:title",
    "dcterms:description",
    "skos:definition",
    "rdfs:comment",
    "org:classification",
    "kmn:districtType",
    "kmn:pillarKind",
    "kmn:inPillar",
    "kmn:status",
    "org:role",
    "locn:thoroughfare",
    "locn:locatorDesignator",
    "locn:postCode",
    "locn:postName",
    "cv:telephone",
    "kmn:faxNumber",
    "cv:email",
    "foaf:homepage",
    "cv:openingHours",
    "cv:contactPoint",
    "locn:address",
    "dcterms:spatial",
    "kmn:seat",
    "kmn:evidencedInDistrict",
    "schema:value",
    "dcterms:date",
    "org:subOrganizationOf",
    "org:unitOf",
    "kmn:coordinatedBy",
    "kmn:hasPillar",
    "kmn:population",
    "kmn:areaKm2",
)
_LAST = (
    "kmn:hasParticipationEvidence",
    "skos:note",
    "dcterms:valid",
    "skos:inScheme",
    "rdfs:isDefinedBy",
    "geo:hasGeometry",
)
_PROVENANCE = (
    "prov:hadPrimarySource",
    "prov:wasDerivedFrom",
    "kmn:lastVerified",
    "kmn:retrieved",
    "kmn:confidence",
    "skos:editorialNote",
    "dcterms:modified",
    "dcterms:created",
    "dcterms:issued",
)
_IDENTIFIERS = (
    "dcterms:identifier",
    "skos:notation",
    "kmn:ags",
    "kmn:ars",
    "kmn:nuts",
    "kmn:bkgId",
    "org:identifier",
    "adms:identifier",
    "owl:sameAs",
    "skos:exactMatch",
    "skos:closeMatch",
)
_ORDER = (*_FIRST, "", *_LAST, *_PROVENANCE, *_IDENTIFIERS)
"""Properties as they come on a page; the empty place is that of all others."""

PROVENANCE = frozenset(expand(short) for short in _PROVENANCE)
"""Sources, dates, confidence, notes of editors."""

IDENTIFIERS = frozenset(expand(short) for short in _IDENTIFIERS)
"""Keys, and what a thing is called elsewhere."""

MIRRORS = {
    expand(incoming): expand(own)
    for incoming, own in (
        ("skos:inScheme", "skos:hasTopConcept"),
        ("skos:hasTopConcept", "skos:inScheme"),
        ("skos:topConceptOf", "skos:hasTopConcept"),
        ("skos:broader", "skos:narrower"),
        ("skos:narrower", "skos:broader"),
    )
}
"""What points at a thing → the property by which the thing itself says the same."""


def property_order(iri: str) -> tuple[int, str]:
    """Return what properties are sorted by: name, what it is, contact and place come first."""
    short = shorten(iri)
    return (_ORDER.index(short if short in _ORDER else ""), iri)
