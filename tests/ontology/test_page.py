"""The page of the ontology, of the shipped data: what a fresh reader needs to understand it."""

import pytest
from rdflib import Graph

from kmn_ld.config import Settings
from kmn_ld.describe import expand, shorten
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
from kmn_ld.web.overviews import LINKS


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
            yield from (field.property, *field.values, *field.choices)
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
    assert "kms:Channel-reachable" in {shorten(rule.iri) for rule in entry.rules}


def _fields(told, short):
    return {shorten(one.property.term.value): one for one in _entry(told, expand(short)).fields}


@pytest.mark.parametrize(
    ("short", "wanted"),
    [
        (
            "org:Organization",
            "kmn:inPillar kmn:status org:classification org:hasMembership org:hasSite "
            "dcterms:spatial kmn:lastVerified",
        ),
        ("kmn:CounsellingService", "kmn:providedBy cv:hasChannel cv:contactPoint kmn:confidence"),
        ("cpsv:PublicService", "kmn:providedBy cv:hasChannel cv:contactPoint"),
        ("kmn:RegionalAssociation", "prov:hadPrimarySource kmn:lastVerified kmn:confidence"),
        ("kmn:Network", "prov:hadPrimarySource kmn:lastVerified kmn:confidence"),
        ("kmn:Pillar", "skos:prefLabel skos:notation kmn:pillarKind kmn:confidence"),
        ("kmn:AccessibilityStatement", "kmn:accessibilityFeature rdfs:label kmn:confidence"),
    ],
)
def test_a_class_tells_all_properties_that_rules_demand_of_its_things(told, short, wanted):
    assert set(wanted.split()) - set(_fields(told, short)) == set()


@pytest.mark.parametrize(
    ("class_", "by"),
    [
        ("kmn:RegionalAssociation", "org:subOrganizationOf"),
        ("schema:OpeningHoursSpecification", "schema:dayOfWeek"),
        ("kmn:CounsellingService", "dcterms:type"),
        ("cpsv:PublicService", "kmn:status"),
    ],
)
def test_values_that_are_resources_are_not_called_texts(told, class_, by):
    field = _fields(told, class_)[by]
    assert (field.is_link, field.choices != ()) == (True, True)


def test_the_kind_of_a_counselling_service_stands_once_as_that_of_every_service(told):
    field = _fields(told, "kmn:CounsellingService")["dcterms:type"]
    assert (field.least, field.most) == ("1", "1")


def test_the_example_of_a_counselling_service_is_a_whole_one(told):
    turtle = _entry(told, expand("kmn:CounsellingService")).example.turtle
    for by in ("kmn:providedBy", "cv:hasChannel", "kmn:atSite", "schema:opens", "cv:role"):
        assert f"    {by} " in turtle


def test_an_invented_service_shows_channel_hours_and_language_together(client):
    page = client.get("/def.html?lang=de").text
    article = page[page.index('id="CounsellingService"') :]
    article = article[: article.index("</article>")]
    for by in ("kmn:providedBy", "kmn:atSite", "schema:opens", "kmn:languageMode"):
        assert f"    {by} " in article


def test_examples_written_by_hand_are_turtle(told):
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    samples = [sample for entry in _entries(told) for sample in entry.samples]
    parsed = [len(Graph().parse(data=prefixes + sample, format="turtle")) for sample in samples]
    assert len(parsed) > 50
    assert 0 not in parsed


def test_the_example_of_a_channel_has_site_and_hours(told):
    turtle = _entry(told, expand("cv:Channel")).example.turtle
    assert "kmn:atSite" in turtle
    assert "a schema:OpeningHoursSpecification ;" in turtle


def test_a_datatype_is_counted_by_its_values(told):
    assert _entry(told, expand("kmn:factsSlug")).count > 100


def test_the_picture_of_the_whole_says_what_domains_and_ranges_say(told):
    entries = {entry.iri: entry for entry in _entries(told)}
    ours = [link for link in LINKS if link[1].startswith("kmn:")]
    assert len(ours) > 5
    for source, by, target in ours:
        classes = {expand(source), *(one.term.value for one in entries[expand(source)].broader)}
        term = entries[expand(by)]
        assert {value.term.value for value in term.domain} & classes
        assert [value.term.value for value in term.range] == [expand(target)]


def test_other_links_of_the_picture_are_those_that_rules_demand(told):
    others = [link for link in LINKS if not link[1].startswith("kmn:")]
    assert len(others) > 3
    assert [(source, by) for source, by, _ in others if by not in _fields(told, source)] == []


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
    said = ("data/", ".ttl", "dieser Datei", "this file")
    assert [text for text in texts if any(words in text for words in said)] == []


def test_the_name_of_a_person_is_withheld_and_said_to_be(told, client):
    entry = _entry(told, expand("kmn:contactPersonName"))
    assert (entry.count > 0, entry.example, entry.is_withheld) == (True, None, True)
    page = client.get("/def.html?lang=de").text
    article = page[page.index('id="contactPersonName"') :]
    article = article[: article.index("</article>")]
    assert "Namen von Personen zeigen wir hier mit Absicht nicht" in article
    assert "Noch nicht in den Daten" not in article


def test_cells_of_folded_tables_say_what_they_are(client):
    page = client.get("/def.html?lang=de").text
    assert page.count('data-label="Wert"') == page.count('data-label="Regel"')
    assert page.count('data-label="Wert"') > 100


def test_prefixes_of_the_examples_can_be_copied(client):
    page = client.get("/def.html?lang=de").text
    assert f"@prefix kmn: &lt;{PREFIXES['kmn']}&gt; ." in page


def test_values_of_short_lists_stand_with_their_keys(client):
    page = client.get("/def.html?lang=de").text
    lists = page[page.index('id="section-lists"') :]
    assert '<code class="short">volunteer</code>' in lists


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
