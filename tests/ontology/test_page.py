"""The page of the ontology, of the shipped data: what a fresh reader needs to understand it."""

import pytest

from kmn_ld.config import Settings
from kmn_ld.describe import shorten
from kmn_ld.describe.model import Value
from kmn_ld.describe.rules import read_shapes
from kmn_ld.describe.usage import Usage
from kmn_ld.describe.vocabulary import read_vocabulary
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.terms import Iri
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.messages import LANGUAGES
from kmn_ld.releases import USAGE
from kmn_ld.vocab import BASE, PREFIXES


@pytest.fixture(scope="module")
def told(release):
    usage = Usage.from_json(release.path(USAGE).read_text(encoding="utf-8"))
    store = TrustedStore(open_store(release, Settings().memory_triples))
    return read_vocabulary(store, usage, read_shapes(store))


def _entries(told):
    return [entry for module in told.modules for entry in (*module.terms, *module.reused)]


def _shown(told):
    for entry in _entries(told):
        yield Value(Iri(entry.iri), entry.names)
        for fact in (*entry.facts, *entry.asides):
            yield Value(Iri(fact.iri), fact.names)
            yield from fact.values
        for field in entry.fields:
            yield from (field.property, *field.values)
    for vocabulary in told.reused:
        yield from (reused.term for reused in vocabulary.terms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_term_of_others_stands_without_a_name(told, language):
    outside = {
        shorten(value.term.value): {name.language for name in value.names}
        for value in _shown(told)
        if isinstance(value.term, Iri)
        and value.term.value.startswith(tuple(PREFIXES.values()))
        and not value.term.value.startswith((BASE, PREFIXES["xsd"]))
    }
    assert len(outside) > 100
    missing = sorted(term for term, tags in outside.items() if language not in tags)
    assert " ".join(missing) == ""


def _entry(told, iri):
    return next(entry for entry in _entries(told) if entry.iri == iri)


def test_a_channel_has_an_entry_with_its_use_its_properties_its_rules_and_an_example(told):
    entry = _entry(told, PREFIXES["cv"] + "Channel")
    assert {text.language for text in entry.comments} == set(LANGUAGES)
    fields = {shorten(field.property.term.value): field for field in entry.fields}
    assert [shorten(one.term.value) for one in fields["kmn:atSite"].values] == ["org:Site"]
    assert {"cv:openingHours", "schema:openingHoursSpecification"} <= set(fields)
    assert entry.count > 0
    assert "a cv:Channel ;" in entry.example.turtle
    assert "kms:Channel" in {shorten(rule.iri) for rule in entry.rules}


def test_all_pillars_are_named_where_pillar_is_explained(told):
    things = _entry(told, PREFIXES["kmn"] + "Pillar").things
    assert [len(things), all(thing.names for thing in things)] == [13, True]


def test_the_example_of_a_claim_shows_both_values_and_the_source(told):
    turtle = _entry(told, PREFIXES["kmn"] + "Claim").example.turtle
    claim, record = turtle.split("\n\n")
    assert "kmn:claimProperty schema:foundingDate" in claim
    assert "prov:hadPrimarySource" in claim
    assert "schema:foundingDate" in record


def test_the_turtle_of_an_example_is_the_statement_of_the_data(told):
    unlike = [
        entry.iri
        for entry in _entries(told)
        if entry.example and entry.example.subject.term.value not in entry.example.turtle
    ]
    assert sum(entry.example is not None for entry in _entries(told)) > 50
    assert unlike == []


def test_no_example_names_a_person(told):
    turtle = "".join(entry.example.turtle for entry in _entries(told) if entry.example)
    assert "kmn:contactPersonName" not in turtle
    assert "vcard:fn" not in turtle


def test_no_rule_names_a_file(told):
    texts = [
        text.value for entry in _entries(told) for rule in entry.rules for text in rule.messages
    ]
    assert len(texts) > 100
    assert [text for text in texts if "data/" in text or ".ttl" in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_is_explained_in_the_language_of_the_reader_alone(client, language):
    page = client.get(f"/def.html?lang={language}").text
    article = page[page.index('id="Pillar"') :]
    article = article[: article.index("</article>")]
    assert "skos:Concept " in article
    assert 'title="Sprache">' not in article
    assert 'title="Language">' not in article
    assert article.count('href="/doc/concept/pillar/') >= 13


def test_the_contents_fold_the_terms_of_each_module_and_the_page_begins_with_a_skip_link(client):
    page = client.get("/def.html?lang=de").text
    contents = page[page.index('<ol class="contents">') :]
    contents = contents[: contents.index("</nav>")]
    assert contents.count("<details><summary>") == 7
    assert 'href="#cv-Channel"' in contents
    assert page.index('class="skip" href="#content"') < page.index("<nav")


def test_the_state_of_the_ontology_fits_the_banner_of_a_draft(client):
    page = client.get("/def.html?lang=de").text
    assert 'class="draft"' in page
    assert "<dt>Stand</dt><dd>Entwurf</dd>" in page
