import pytest

from kmn_ld.cli.parameters import read_parameters
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.errors import ConfigError
from kmn_ld.vocab import BASE, PREFIXES

XSD = PREFIXES["xsd"]
HEADER = "#+ params: place (iri), name (string), day (date), hour (time), age (integer)\nASK {}"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("place=https://example.org/a?b=c", Iri("https://example.org/a?b=c")),
        ("place=urn:example:a", Iri("urn:example:a")),
        ("place=kmn:inPillar", Iri(f"{BASE}def#inPillar")),
        ("place=district/03351", Iri(f"{BASE}id/district/03351")),
        ("place=id/concept/pillar/jmd", Iri(f"{BASE}id/concept/pillar/jmd")),
        (f"place={BASE}id/network", Iri(f"{BASE}id/network")),
        ("name=O'Neill \" } ?x = 1", Literal("O'Neill \" } ?x = 1")),
        ("name=", Literal("")),
        ("day=2010-03-01", Literal("2010-03-01", datatype=XSD + "date")),
        ("hour=09:30", Literal("09:30:00", datatype=XSD + "time")),
        ("age=19", Literal("19", datatype=XSD + "integer")),
    ],
)
def test_a_word_becomes_a_term_of_the_type_in_the_header(word, value):
    assert read_parameters(HEADER, [word]) == {word.partition("=")[0]: value}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["age"], "param-form"),
        (["size=1"], "param-unknown"),
        (["age=1", "age=2"], "param-twice"),
        (["age=1.5"], "param-value"),
        (["age=\u0663"], "param-value"),
        (["day=01.03.2010"], "param-value"),
        (["hour=25:00"], "param-value"),
        (["place=a b"], "param-value"),
        (["place=https://example.org/<"], "param-value"),
        (["place=kmn:a b"], "param-value"),
    ],
)
def test_other_words_are_wrong_use(words, key):
    with pytest.raises(ConfigError) as caught:
        read_parameters(HEADER, words)
    assert (caught.value.key, caught.value.exit_code) == (key, 2)


def test_a_query_without_a_header_has_no_parameters():
    with pytest.raises(ConfigError) as caught:
        read_parameters("ASK {}", ["a=b"])
    assert caught.value.details["known"] == "-"
