from kmn_ld.sources import SourceFile
from kmn_ld.validation.echoes import without_echoes, without_repetitions
from kmn_ld.validation.findings import Finding
from kmn_ld.validation.reading import Reading
from kmn_ld.vocab import PREFIXES

ORG, OTHER = "https://example.org/a", "https://example.org/b"
LABEL = PREFIXES["skos"] + "prefLabel"


def _finding(rule="r", text="m", **fields):
    return Finding("violation", rule, {"en": text}, **fields)


def test_what_a_shape_says_about_a_link_to_nowhere_is_left_out():
    told = [_finding("link-district", value=OTHER)]
    echo, own = _finding(focus=ORG, value=OTHER), _finding(focus=ORG, value="27")
    assert list(without_echoes([echo, own], told, Reading())) == [own]


def test_a_property_that_is_misspelt_in_a_file_is_not_missing_there_besides():
    told = [_finding("term-unknown", path="a.ttl", value=PREFIXES["skos"] + "prefLable")]
    files = {iri: SourceFile(None, f"{iri[-1]}.ttl", "", "") for iri in (ORG, OTHER)}
    reading = Reading(described_in=files)
    echo, own = (_finding(focus=iri, result_path=LABEL) for iri in (ORG, OTHER))
    assert list(without_echoes([echo, own], told, reading)) == [own]


def test_a_rule_over_all_that_repeats_the_shape_of_a_record_is_left_out():
    shape = _finding(focus=ORG, result_path=LABEL)
    echo = _finding("all", "add skos:prefLabel", focus=OTHER, value=ORG)
    other = _finding("all", "add skos:prefLabel", focus=OTHER, value=OTHER)
    assert list(without_repetitions([shape, echo, other])) == [shape, other]
