import pytest

from kmn_ld import ledger, releases
from kmn_ld.build.searching import write_search
from kmn_ld.engine import TrustedStore
from kmn_ld.search import Index, Question, ask, collect
from kmn_ld.vocab import BASE
from tests.web import made_up

LINKED = f"""
<id/org/{made_up.OTHER}> kmn:status <id/concept/status/active> .
<id/service/{made_up.SERVICE}> kmn:providedBy <id/org/{made_up.ACTIVE}> ;
    kmn:underProgramme <id/programme/x> ; dcterms:spatial <id/district/03101> ;
    dcterms:language <https://example.org/language/ARA> .
<id/programme/x> a kmn:FundingProgramme ; skos:prefLabel "Programm"@de ;
    kmn:forPillar <id/concept/pillar/one> .
<id/concept/language/ar> a skos:Concept ; skos:prefLabel "Arabisch"@de ;
    skos:inScheme <id/concept/language> ; skos:exactMatch <https://example.org/language/ARA> .
<id/region/heide> kmn:hasParticipationEvidence <id/region/heide#one> ;
    kmn:evidencedInDistrict <id/district/03101> .
<id/region/heide#one> kmn:participant <id/org/{made_up.ACTIVE}> .
<id/org/{made_up.WITHDRAWN}> org:classification <id/concept/kind/centre> ;
    skos:prefLabel "Zurückgezogen"@de .
<id/org/{made_up.INACTIVE}> org:classification <id/concept/kind/centre> .
<id/event/ended> a skos:ConceptScheme ; kmn:status <id/concept/status/inactive> .
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collected")
    return made_up.write(folder, more=LINKED)


@pytest.fixture(scope="module")
def contents(built):
    path = built.path(releases.LEDGER)
    store = TrustedStore.of_folder(built.path(releases.STORE))
    return collect(store, ledger.parse(path.read_bytes(), path))


@pytest.fixture(scope="module")
def documents(contents):
    return {entry.iri.removeprefix(f"{BASE}id/"): entry for entry in contents.documents}


def test_every_kind_of_thing_is_collected_as_what_it_is(documents):
    types = {path: entry.type for path, entry in documents.items()}
    assert types["network"] == "network"
    assert types["region/heide"] == "region"
    assert types["district/03101"] == "district"
    assert types["concept/pillar"] == "concept"
    assert types["concept/pillar/one"] == "pillar"
    assert types["programme/x"] == "programme"
    assert types[f"org/{made_up.ACTIVE}"] == "organisation"
    assert types[f"service/{made_up.SERVICE}"] == "service"


def test_what_the_ledger_has_ended_is_told_and_what_it_has_withdrawn_is_not_there(documents):
    assert not documents[f"org/{made_up.INACTIVE}"].is_active
    assert not documents["event/ended"].is_active
    assert f"org/{made_up.WITHDRAWN}" not in documents


def test_a_service_has_places_and_pillars_through_its_provider_and_programme(documents):
    service = documents[f"service/{made_up.SERVICE}"]
    assert service.places == ("01234 Musterstadt", "Kreis Muster")
    assert service.facets["pillar"] == ("one",)
    assert service.facets["language"] == ("ar",)
    about = {(entry.field, entry.text) for entry in service.about}
    assert {("provider", "Haus der Beratung"), ("language", "العربية")} <= about


def test_a_provider_speaks_the_languages_of_its_services(documents):
    assert documents[f"org/{made_up.ACTIVE}"].facets["language"] == ("ar",)


def test_what_is_evidenced_in_a_regional_association_belongs_to_its_facet(documents, contents):
    having = {
        path for path, entry in documents.items() if "heide" in entry.facets.get("region", ())
    }
    assert having == {"region/heide", "district/03101", f"org/{made_up.ACTIVE}"}
    assert [choice.iri for choice in contents.choices["region"]] == [f"{BASE}id/region/heide"]


def test_a_merged_id_moves_to_its_survivor(contents):
    target = f"{BASE}id/org/{made_up.ACTIVE}"
    assert contents.moved == {made_up.MERGED: target, made_up.MERGED_TWICE: target}


def test_the_index_of_a_release_is_written_anew_with_the_same_bytes(built):
    path = built.path(releases.SEARCH)
    before = path.read_bytes()
    write_search(built.folder)
    assert path.read_bytes() == before


def test_withdrawn_and_erased_ids_are_not_found(built):
    index = Index(built.path(releases.SEARCH))
    for key in (made_up.WITHDRAWN, made_up.ERASED, made_up.RESERVED):
        assert ask(index, Question(key, with_ended=True)).total == 0
    assert ask(index, Question("Zurückgezogen", with_ended=True)).hits == ()
    assert b"Zur\xc3\xbcckgezogen" not in built.path(releases.SEARCH).read_bytes()
