import pytest

from kmn_ld.describe import Module, Part, TermDescription, Value, Vocabulary, expand
from kmn_ld.describe.context import short_names
from kmn_ld.describe.usage import TermUsage, Usage
from kmn_ld.engine.jsonld import LINK, TEXT, ShortName
from kmn_ld.engine.terms import Iri
from kmn_ld.vocab import GRAPH, PREFIXES

XSD = PREFIXES["xsd"]


def _used(*kinds, graph="network"):
    return TermUsage({GRAPH + graph: len(kinds) or 1}, dict.fromkeys(kinds, 1))


def _term(local, kind, ranges=()):
    return TermDescription(
        iri=expand(f"kmn:{local}"),
        kind=kind,
        names=(),
        definitions=(),
        comments=(),
        reasons=(),
        domain=(),
        range=tuple(Value(Iri(expand(short))) for short in ranges),
        broader=(),
        facts=(),
        status="",
        is_deprecated=False,
        count=0,
        derived=0,
        samples=(),
        example=None,
        rules=(),
    )


def _names(used=(), classes=(), terms=()):
    vocabulary = Vocabulary(
        about=Part("", (), (), (), (), ()),
        modules=(Module("", (), (), tuple(terms)),),
        reused=(),
        lists=(),
        is_counted=True,
    )
    usage = Usage(
        {expand(short): kinds for short, kinds in dict(used).items()},
        {expand(short): _used() for short in classes},
    )
    return short_names(vocabulary, usage)


@pytest.mark.parametrize(
    ("kinds", "coercion"),
    [
        ([LINK], LINK),
        ([TEXT], TEXT),
        ([XSD + "date"], XSD + "date"),
        ([XSD + "date", XSD + "gYear"], ""),
        ([LINK, XSD + "string"], ""),
        ([XSD + "string"], ""),
        ([XSD + "integer"], ""),
    ],
)
def test_values_are_coerced_as_all_of_the_data_are(kinds, coercion):
    found = _names({"org:purpose": _used(*kinds)})
    assert found == {expand("org:purpose"): ShortName("purpose", coercion)}


def test_the_ontology_decides_about_terms_of_ours_whatever_the_data_hold():
    terms = [
        _term("status", "object-property", ["skos:Concept"]),
        _term("retrieved", "datatype-property", ["xsd:date"]),
        _term("leadText", "datatype-property", ["rdf:langString"]),
        _term("asOf", "datatype-property", ["rdfs:Literal"]),
        _term("Pillar", "class"),
    ]
    found = _names({"kmn:retrieved": _used(XSD + "gYear")}, terms=terms)
    assert sorted((short.name, short.coercion) for short in found.values()) == [
        ("Pillar", ""),
        ("asOf", ""),
        ("leadText", TEXT),
        ("retrieved", XSD + "date"),
        ("status", LINK),
    ]


def test_of_an_annotation_the_data_decide():
    terms = [_term("claimProperty", "annotation-property")]
    found = _names({"kmn:claimProperty": _used(LINK)}, terms=terms)
    assert found == {expand("kmn:claimProperty"): ShortName("claimProperty", LINK)}


def test_a_name_that_two_vocabularies_share_is_ours_or_nobodys():
    used = {"org:role": _used(LINK), "cv:role": _used(LINK), "adms:status": _used(LINK)}
    found = _names(used, terms=[_term("status", "object-property")])
    assert set(found) == {expand("kmn:status")}


def test_terms_that_no_data_use_and_names_without_a_prefix_have_no_short_name():
    assert _names({"sh:path": _used(LINK, graph="shapes")}) == {}


def test_classes_have_names_too():
    assert _names(classes=["org:Site"]) == {expand("org:Site"): ShortName("Site")}
