"""Namespace IRIs and the one prefix table of the project."""

BASE = "https://w3id.org/kmn-ld/"
"""Base of all our IRIs (decision D1). The server answers for it on any host, by path."""

ONTOLOGY = BASE + "def"
SHAPES = BASE + "shapes"
GRAPH = BASE + "graph/"

EARL = "http://www.w3.org/ns/earl#"
POINTERS = "http://www.w3.org/2009/pointers#"
"""Vocabularies of reports alone, which our Turtle does not use."""

SERVICE_DESCRIPTION = "http://www.w3.org/ns/sparql-service-description#"
ENTAILMENT = "http://www.w3.org/ns/entailment/"
FILE_FORMATS = "http://www.w3.org/ns/formats/"
GEO_FUNCTIONS = "http://www.opengis.net/def/function/geosparql/"
"""Names that the service description uses, and nothing else of ours."""

PREFIXES: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "bibo": "http://purl.org/ontology/bibo/",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "kmn": ONTOLOGY + "#",
    "kms": SHAPES + "#",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix → namespace IRI: the only prefixes of our Turtle, documents and query pages."""
