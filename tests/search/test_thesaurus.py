import pytest

from kmn_ld.search.folding import stems
from kmn_ld.search.thesaurus import also, forms, language_names
from tests.questions import REPOSITORY


@pytest.mark.parametrize(
    ("text", "counts_as"),
    [
        ("Jugendmigrationsdienst Wolfsburg", "jmd"),
        ("Migrationsberatung für erwachsene Zugewanderte – Caritas", "mbe"),
        ("Dienst des Deutschen Roten Kreuzes", "drk"),
        ("Landkreises Göttingen", "lk"),
        ("DRK Soltau", "kreuz"),
        ("Koordinierungsstelle für Migration und Teilhabe", "kmut"),
        ("Region Hannover", "ганновер"),
    ],
)
def test_a_text_counts_as_its_other_forms(text, counts_as):
    assert counts_as in also(stems(text))


def test_a_part_of_a_form_is_not_the_form():
    assert "drk" not in also(stems("Roter Faden, Blaues Kreuz"))
    assert also(stems("Zirkus")) == []


def test_every_form_can_be_found():
    entries = forms()
    assert len(entries) > 40
    assert [form for entry in entries for form in entry if not stems(form)] == []
    assert [entry for entry in entries if len(entry) < 2] == []


def test_every_language_of_the_code_list_has_its_own_name():
    listed = (REPOSITORY / "data" / "concepts" / "language.ttl").read_text("utf-8")
    tags = {line.split('"')[1] for line in listed.splitlines() if "dcterms:identifier" in line}
    assert len(tags) > 5
    assert {tag for tag in tags - {"language"} if not language_names(tag)} == set()
    assert language_names("xx") == ()
