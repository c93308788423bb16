from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kmn_ld.search import Question, ask, suggest
from tests.search import made_up
from tests.search.made_up import ACTIVE, ENDED, OTHER


def _paths(answer):
    return [hit.found.iri.partition("/id/")[2] for hit in answer.hits]


def _first(index, text, **more):
    return _paths(ask(index, Question(text, **more)))[0]


@pytest.mark.parametrize(
    "text",
    [
        "Jugendmigrationsdienst Göttern", "JMD Goettern", "jmd gottern", "مركز المشورة", "مركز",
        "danışma merkezi", "DANISMA MERKEZI", "göçmen", "центр", "ЦЕНТР КОНСУЛЬТАЦІЇ",
        "Haus der Beratung", "haus der beratung ev", "Jugendmigrationsdinst", "01234 göttern",
        "jmd 01234", "arabisch göttern jmd",
    ],
)  # fmt: skip
def test_a_thing_is_found_by_names_in_every_script_place_and_language(index, text):
    assert _first(index, text) == f"org/{ACTIVE}"


@pytest.mark.parametrize("text", ["AWO Waldeck", "AWO KV", "arbeiterwohlfart", "kv waldeck", "098"])
def test_abbreviations_mistakes_and_beginnings_of_postal_codes_find(index, text):
    assert _first(index, text) == f"org/{OTHER}"


@pytest.mark.parametrize(
    "text",
    ["k7x2qf96", "K7X2QF96", "K-7X2Q-F96", " k7x2 qf96 ", "https://w3id.org/kmn-ld/id/org/k7x2qf96",
     "https://example.org/doc/org/k7x2qf96.ttl", "/id/org/k7x2qf96#contact"],
)  # fmt: skip
def test_an_id_finds_its_thing_alone_however_it_is_typed(index, text):
    assert _paths(ask(index, Question(text))) == [f"org/{ACTIVE}"]


def test_a_key_of_another_list_finds_its_thing(index):
    assert _paths(ask(index, Question("DE999"))) == ["district/03101"]
    assert _paths(ask(index, Question("03101"))) == ["district/03101"]


def test_a_key_does_not_hide_what_has_the_number_for_another_reason(tmp_path):
    things = [
        made_up.a_thing("district/01234", "Kreis", kind="district"),
        made_up.a_thing("region/a", "Haus", places=("01234 Ort",)),
    ]
    index = made_up.write(tmp_path / "search.sqlite", things)
    assert _paths(ask(index, Question("01234"))) == ["district/01234", "region/a"]
    assert [one.type for one in suggest(index, "01234", 8)] == ["district", "organisation"]


def test_a_merged_id_finds_what_stands_for_it_now(index):
    assert _paths(ask(index, Question("KQ2-BX793"))) == [f"org/{OTHER}"]


def test_what_has_ended_is_found_with_all_statuses_or_by_id_alone(index):
    assert f"org/{ENDED}" not in _paths(ask(index, Question("Beratungshaus Göttern")))
    assert _first(index, "Beratungshaus Göttern", with_ended=True) == f"org/{ENDED}"
    assert _paths(ask(index, Question(ENDED))) == [f"org/{ENDED}"]


def test_terms_of_code_lists_come_behind_what_they_are_said_of(index):
    assert _paths(ask(index, Question("Beratungsstelle"))) == [
        f"org/{ACTIVE}",
        "concept/kind/centre",
    ]


def test_a_whole_name_of_several_words_is_what_was_meant(tmp_path):
    things = [
        made_up.a_thing("concept/kind", "Arten von Häusern", kind="concept"),
        made_up.a_thing("region/a", "Haus der Arten in Göttern"),
    ]
    index = made_up.write(tmp_path / "search.sqlite", things)
    assert _first(index, "Arten von Häusern") == "concept/kind"
    assert _first(index, "Arten") == "region/a"


def test_how_a_question_begins_does_not_count(index):
    answer = ask(index, Question("Wo finde ich die AWO in Waldeck?"))
    assert (answer.ignored, answer.is_partial, _paths(answer)) == ((), False, [f"org/{OTHER}"])


def test_a_name_of_small_words_alone_is_found_by_them(tmp_path):
    things = [made_up.a_thing("region/a", "Wir e. V."), made_up.a_thing("region/b", "…")]
    index = made_up.write(tmp_path / "search.sqlite", [*made_up.DOCUMENTS, *things])
    assert _paths(ask(index, Question("wir"))) == ["region/a"]
    assert "region/b" in _paths(ask(index, Question()))
    assert _first(index, "k7x2qf96") == f"org/{ACTIVE}"


def test_a_number_of_two_digits_is_no_beginning_of_another(index):
    assert ask(index, Question("01")).total == 0
    assert _first(index, "012") == f"org/{ACTIVE}"


def test_a_key_that_was_found_is_not_told_as_ignored(index):
    assert ask(index, Question("DE999")).ignored == ()


def test_threads_ask_the_same_index_at_the_same_time(index):
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: _first(index, text), ["AWO", "jmd"] * 20))
    assert found == [f"org/{OTHER}", f"org/{ACTIVE}"] * 20


def test_places_and_kinds_are_found_by_what_counts_as_the_same(tmp_path):
    things = [made_up.a_thing("region/a", "Haus", places=("30000 Hannover",))]
    index = made_up.write(tmp_path / "search.sqlite", things)
    for text in ("هانوفر", "Ганновер", "Hanover"):
        assert _first(index, text) == "region/a"
        assert suggest(index, text[:5], 8)[0].iri.endswith("region/a")


def test_what_was_corrected_and_what_was_ignored_is_told(index):
    answer = ask(index, Question("Walldeck Xqzt"))
    assert answer.corrected == {"Walldeck": ("Waldeck",)}
    assert answer.ignored == ("Xqzt",)
    assert _paths(answer) == [f"org/{OTHER}"]


def test_where_no_thing_has_all_words_those_with_most_are_told_as_partial(index):
    answer = ask(index, Question("jmd göttern waldeck"))
    assert answer.is_partial
    assert _paths(answer) == [f"org/{ACTIVE}"]
    assert not ask(index, Question("jmd göttern")).is_partial


def test_without_words_everything_is_listed_the_network_first(index):
    answer = ask(index, Question())
    assert answer.total == len(made_up.DOCUMENTS) - 1
    assert _paths(answer)[0] == "network"


def test_facets_count_within_what_the_others_leave(index):
    narrowed = {"kind": "centre"}
    answer = ask(index, Question(narrowed=narrowed, with_ended=True))
    counts = {
        facet: {one.choice.value: one.count for one in values}
        for facet, values in answer.facets.items()
    }
    assert answer.total == 2
    assert counts["kind"] == {"centre": 2, "carrier": 1}
    assert counts["district"] == {"03101": 2}
    assert counts["type"] == {"organisation": 2}
    assert [one.choice.value for one in answer.facets["kind"] if one.is_chosen] == ["centre"]


def test_pages_follow_one_another_without_gap_or_repetition(index):
    pages = [
        _paths(ask(index, Question("göttern muster beratung", page=page, limit=2)))
        for page in (1, 2, 3)
    ]
    whole = _paths(ask(index, Question("göttern muster beratung", limit=6)))
    assert [path for page in pages for path in page] == whole


def test_results_beyond_those_ranked_one_by_one_are_all_there(tmp_path):
    many = [made_up.a_thing(f"region/o{number}", f"Haus {number}") for number in range(600)]
    index = made_up.write(tmp_path / "search.sqlite", many)
    pages = [ask(index, Question("haus", page=page, limit=100)) for page in range(1, 7)]
    found = [path for page in pages for path in _paths(page)]
    assert len(set(found)) == len(found) == pages[0].total == 600


@pytest.mark.parametrize(
    ("text", "field", "met"),
    [
        ("haus beratung", "other_name", "Haus der Beratung e. V."),
        ("01234", "place", "01234 Göttern"),
        ("jmd arabisch", "language", "Arabisch"),
        ("مركز", "name", "مركز المشورة"),
    ],
)
def test_a_result_shows_what_was_met(index, text, field, met):
    hits = ask(index, Question(text)).hits
    snippet = next(hit.snippet for hit in hits if hit.found.iri.endswith(ACTIVE))
    assert (snippet.field, snippet.text) == (field, met)


@pytest.mark.parametrize("text", ["ju", "jugend", "jugendmig", "jmd göt", "haus der ber", "مرك"])
def test_a_suggestion_comes_while_one_types(index, text):
    assert suggest(index, text, 8)[0].iri.endswith(ACTIVE)


def test_suggestions_are_active_and_no_more_than_asked_for(index):
    found = suggest(index, "gött", 2)
    assert len(found) == 2
    assert not [one.iri for one in suggest(index, "früheres", 8)]
    assert suggest(index, "...", 8) == []
    assert suggest(index, "k7x2qf96", 8)[0].iri.endswith(ACTIVE)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.text(max_size=80),
        st.text("\"*()^:+-{}AND OR NOT NEAR/5\x00\\'%_", max_size=80),
    )
)
def test_nothing_that_is_typed_breaks_a_question(index, text):
    assert ask(index, Question(text)).total >= 0
    assert len(suggest(index, text, 8)) <= 8
