import re
from pathlib import Path

import pytest

from kmn_ld.sources import SourceFile
from kmn_ld.validation.reading import read
from kmn_ld.validation.terms import check_terms
from kmn_ld.vocab import BASE, GRAPH, ONTOLOGY, PREFIXES

HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
LINE = HEAD.count("\n") + 1
ONTOLOGY_TEXT = "kmn:Pillar a owl:Class .\nkmn:inPillar a owl:ObjectProperty .\n"
SUBJECT = f"<{BASE}id/network>"


def _file(folder, name, text, graph):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")
    return SourceFile(path, name, GRAPH + graph, "")


def _found(folder, text):
    files = [
        _file(folder, "ontology/kmn.ttl", ONTOLOGY_TEXT, "ontology"),
        _file(folder, "data/network.ttl", text, "network"),
    ]
    reading = read(files, folder, lambda file: False)
    assert reading.findings == []
    return list(check_terms(reading.suspects, reading.described_in))


@pytest.mark.parametrize(
    ("statement", "term", "hint", "column"),
    [
        ("skos:prefLable 'x'", "skos:prefLable", "skos:prefLabel", 2),
        ("org:subOrganisationOf 1", "org:subOrganisationOf", "org:subOrganizationOf", 2),
        ("kmn:inPilar 1", "kmn:inPilar", "kmn:inPillar", 2),
        ("a kmn:Piller", "kmn:Piller", "kmn:Pillar", 4),
        ("a cv:PublicOrganization", "cv:PublicOrganization", "cv:PublicOrganisation", 4),
        ("skos:note '1'^^xsd:dateTme", "xsd:dateTme", "xsd:dateTime", 17),
        ("skos:note '1'^^kmn:Pilar", "kmn:Pilar", "kmn:Pillar", 17),
        ("skos:note ( locn:postcode )", "locn:postcode", "locn:postCode", 14),
        ("<http://schema.org/telephone> 1", "<http://schema.org/telephone>", "schema:telephone", 2),
        ("a <http://xmlns.com/foaf/0.2/Agent>", "<http://xmlns.com/foaf/0.2/Agent>",
         "foaf:Agent", 4),
    ],
)  # fmt: skip
def test_an_unknown_term_is_found_with_its_place_and_the_nearest_term(
    tmp_path, statement, term, hint, column
):
    (finding,) = _found(tmp_path, f"{SUBJECT}\n {statement} .")
    assert (finding.rule, finding.severity, finding.place) == (
        "term-unknown",
        "violation",
        f"data/network.ttl:{LINE + 1}:{column}",
    )
    assert all(text.startswith(term) and f" {hint}." in text for text in finding.message.values())


def test_a_term_that_is_put_into_the_namespace_of_others_is_found(tmp_path):
    found = _found(tmp_path, "org:Netzwerk a owl:Class .")
    assert [(finding.value, finding.line) for finding in found] == [
        (PREFIXES["org"] + "Netzwerk", LINE)
    ]


def test_every_file_that_uses_an_unknown_term_is_named(tmp_path):
    names = ["data/a.ttl", "data/b.ttl"]
    files = [_file(tmp_path, name, f"<{BASE}{name}> skos:nte 1 .", "network") for name in names]
    reading = read(files, tmp_path, lambda file: False)
    found = check_terms(reading.suspects, reading.described_in)
    assert [finding.path for finding in found] == names


@pytest.mark.parametrize(
    "statement",
    [
        "a owl:Class , kmn:Pillar ; rdf:_1 rdf:nil ; sh:or () ; sh:class time:Instant",
        "dcat:inSeries 1 ; vcard:hasEmail <mailto:post@example.org>",
        "skos:note 'a^^<http://www.w3.org/ns/org#x>' , '<http://www.w3.org/ns/org#x> .'@de",
        f"rdfs:isDefinedBy <{ONTOLOGY}> , <{PREFIXES['org']}> , <https://example.org/org#x>",
    ],
)
def test_known_terms_namespaces_and_other_values_are_not_found(tmp_path, statement):
    assert _found(tmp_path, f"{SUBJECT} {statement} .") == []


@pytest.mark.parametrize(
    "term", ["adms:schemaAgency", "cv:Criterion", "dcat:inCatalog", "bibo:Law"]
)
def test_the_lists_hold_the_terms_of_the_vocabularies_and_no_others(tmp_path, term):
    expected = [] if term != "bibo:Law" else ["term-unknown"]
    assert [finding.rule for finding in _found(tmp_path, f"{SUBJECT} a {term} .")] == expected


def test_every_list_of_terms_belongs_to_a_prefix_and_names_the_copies_it_was_compared_with():
    lists = sorted(Path(__file__).parents[2].glob("kmn_ld/vocabularies/*.txt"))
    assert len(lists) > 5
    assert [path.name for path in lists if path.stem not in PREFIXES] == []
    copy = re.compile(
        r"^# Compared with: \w[\w.-]*/[\w.-]+, \S+, commit [0-9a-f]{40}$", re.MULTILINE
    )
    assert [path.name for path in lists if not copy.search(path.read_text("utf-8"))] == []


def test_every_list_of_terms_is_sorted_and_names_each_once():
    lists = sorted(Path(__file__).parents[2].glob("kmn_ld/vocabularies/*.txt"))
    texts = {path.name: path.read_text("utf-8").splitlines() for path in lists}
    terms = {name: [line for line in lines if line[0] != "#"] for name, lines in texts.items()}
    assert len(terms) > 5
    assert terms == {name: sorted(set(listed)) for name, listed in terms.items()}
