"""What an address of a library query may say, and how a mistake in it is told."""

import re

import pytest

from kmn_ld.queries import LONGEST
from tests.web.library.test_views import PAGE

OUTSIDE = [
    ("advice-in-a-language", "language", "Arabic", "ar"),
    ("regional-association-of-a-district", "district", "region/heide", "https://w3id.org/"),
    ("advice-centres-in-a-district", "ags", "99999", "03101"),
    ("our-iri-for-an-identifier", "list", "ags", "AGS"),
    ("reachable-at-a-time", "weekday", "schema:PublicHolidays", "https://schema.org/Monday"),
]


@pytest.mark.parametrize(("name", "parameter", "value", "choice"), OUTSIDE)
def test_a_value_outside_a_closed_list_is_400_with_the_choices(
    reader, name, parameter, value, choice
):
    answer = reader.get(f"/queries/{name}.csv", query_string={parameter: value})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["type"].endswith(":library-choice")
    assert (answer.json["name"], answer.json["value"]) == (parameter, value)
    assert any(one.startswith(choice) for one in answer.json["choices"])


@pytest.mark.parametrize(("name", "parameter", "value", "choice"), OUTSIDE)
def test_people_get_the_form_with_the_choices_and_no_others(reader, name, parameter, value, choice):
    path = f"/queries/{name}"
    page = reader.get(path, query_string={parameter: value, "lang": "en"}, headers=PAGE)
    assert (page.status_code, page.headers["Cache-Control"]) == (400, "no-store")
    select = page.text.partition(f'name="{parameter}"')[2].partition("</select>")[0]
    assert f'aria-describedby="fault-{parameter}"' in select
    assert f'<option value="{choice}' in select
    assert value not in re.findall('<option value="([^"]*)"', select)
    assert f"“{value}” is none of the values" in page.text
    assert 'id="result"' not in page.text


def test_all_faults_are_told_at_once_with_the_values_that_were_given(reader):
    arguments = {"weekday": "Tag", "time": "25:00", "x": "1"}
    page = reader.get(
        "/queries/reachable-at-a-time", query_string={**arguments, "lang": "de"}, headers=PAGE
    )
    assert page.status_code == 400
    for name in ("weekday", "time"):
        assert f'href="#field-{name}"' in page.text
        assert f'id="fault-{name}"' in page.text
    assert 'value="25:00"' in page.text
    assert "keinen Parameter „x“" in page.text
    problem = reader.get("/queries/reachable-at-a-time.json", query_string=arguments).json
    assert problem["type"].endswith(":library-faults")
    assert set(problem["names"]) == {"x", "weekday", "time"}
    assert len(problem["faults"]) == 3


@pytest.mark.parametrize(
    "path",
    [
        "coordination-on-a-day.json?day=1900-01-01",
        "services-in-flat-rows.json?provider=org/k7x2qf96",
        "what-became-of.json?name=nobody",
    ],
)
def test_a_free_value_of_which_nothing_is_recorded_is_an_empty_result(reader, path):
    answer = reader.get(f"/queries/{path}")
    assert (answer.status_code, answer.json["results"]["bindings"]) == (200, [])


@pytest.mark.parametrize(
    "path", ["services-for-an-age.csv?age=-5", "districts-around-a-point.csv?point=Oldenburg"]
)
def test_a_value_that_makes_no_sense_is_refused(reader, path):
    assert reader.get(f"/queries/{path}").status_code == 400


def test_the_field_of_a_number_has_its_least_value(reader):
    assert (
        'type="number" value="" min="0"'
        in reader.get("/queries/services-for-an-age", headers=PAGE).text
    )


@pytest.mark.parametrize("lang", ["ar", "de"])
def test_data_has_no_parameter_lang_that_could_be_taken_for_one_of_the_query(reader, lang):
    answer = reader.get(f"/queries/advice-in-a-language.csv?lang={lang}")
    assert (answer.status_code, answer.json["known"]) == (400, "language")


def test_a_page_ignores_a_language_that_it_is_not_in(reader):
    page = reader.get("/queries/advice-in-a-language?lang=ar", headers=PAGE)
    assert (page.status_code, page.headers["Content-Language"]) == (200, "de")


def test_an_empty_result_is_no_statement_that_there_is_nothing(reader):
    page = reader.get("/queries/what-became-of?name=nobody&lang=en", headers=PAGE).text
    assert "nothing is recorded here for these values" in page


def test_a_value_longer_than_the_limit_is_400_with_the_limit(reader):
    path = "/queries/what-became-of.csv"
    assert reader.get(path, query_string={"name": "ä" * LONGEST}).status_code == 200
    answer = reader.get(path, query_string={"name": "ä" * (LONGEST + 1)})
    assert answer.status_code == 400
    assert answer.json["type"].endswith(":library-long")
    assert (answer.json["length"], answer.json["limit"]) == (LONGEST + 1, LONGEST)


def test_a_long_value_does_not_make_the_header_long(reader):
    answer = reader.get("/queries/what-became-of.csv", query_string={"name": "ä" * LONGEST})
    assert answer.status_code == 200
    assert len(answer.headers["Link"]) < 2000
    assert 'rel="describedby"' in answer.headers["Link"]
    assert 'rel="alternate"' not in answer.headers["Link"]
