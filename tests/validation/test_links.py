import pytest

from kmn_ld import ledger
from kmn_ld.sources import find
from kmn_ld.validation.links import check_links
from kmn_ld.validation.reading import read
from kmn_ld.vocab import BASE

DAY = "2026-11-24"
ORG = f"{BASE}id/org/k7x2qf96"
KNOWN = {
    f"{BASE}id/{path}"
    for path in (
        "org/k7x2qf96",
        "org/k7x2qf96#contact",
        "district/03454",
        "concept/kind",
        "concept/pillar",
        *(f"concept/kind/value-{number:02}" for number in range(14)),
        "region/heide",
    )
}


def _found(folder, link, known_ledger=None):
    path = folder / "data/organisations/k7x2qf96.ttl"
    path.parent.mkdir(parents=True)
    text = f"<{ORG}> <http://www.w3.org/2004/02/skos/core#related> <{BASE}id/{link}> ."
    path.write_text(text, "utf-8")
    reading = read(list(find(folder)), folder, lambda file: False)
    [found] = check_links(reading, reading, KNOWN, known_ledger)
    assert (found.path, found.line) == ("data/organisations/k7x2qf96.ttl", 1)
    return found.text("de")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("org/k7x2qf69", "Prüfziffern von „k7x2qf69“ passen nicht"),
        ("org/k7x2qf69", "Meinten Sie k7x2qf96?"),
        ("org/k7x2qf96#contct", "Meinten Sie contact?"),
        ("district/3454", "fünf Stellen: 03454?"),
        ("district/03455", "Meinten Sie 03454?"),
        ("region/heid", "Meinten Sie heide?"),
        ("concept/kind/valu-01", "Meinten Sie value-01?"),
        ("concept/kind/other", "in data/concepts/kind.ttl"),
        ("concept/kind/other", "value-11 … (14)"),
        ("concept/pilar/jmd", "Meinten Sie pillar?"),
        ("person/meier", "den Typ „person“ gibt es nicht"),
    ],
)
def test_a_link_to_nowhere_names_what_was_meant(tmp_path, link, words):
    text = _found(tmp_path, link)
    assert words in text
    assert "legen Sie" not in text or "concept" not in link


def test_nothing_is_guessed_where_nothing_is_alike(tmp_path):
    assert "Meinten" not in _found(tmp_path, "source/atlas")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (None, "„kmn-ld publish {key}“"),
        (("withdrawn", ""), "zurückgezogen"),
        (("merged", "{other}"), "Verweisen Sie auf {other}"),
        (("erased", ""), "gelöscht"),
    ],
)
def test_an_id_that_is_not_public_is_told_in_words_with_what_to_do(tmp_path, event, words):
    path = tmp_path / "ledger.csv"
    key, other = ledger.mint(path, "org", 2, date=DAY)
    if event:
        ledger.publish(path, [key, other], date=DAY)
        target = event[1].format(other=other)
        ledger.append(path, [("org", key, event[0], DAY, target, "", "editor")])
    known = ledger.parse(path.read_bytes(), path)
    assert words.format(key=key, other=other) in _found(tmp_path, f"org/{key}", known)


def test_an_id_of_another_type_is_told_with_the_right_iri(tmp_path):
    path = tmp_path / "ledger.csv"
    [key] = ledger.mint(path, "service", 1, date=DAY)
    known = ledger.parse(path.read_bytes(), path)
    assert f"{BASE}id/service/{key}" in _found(tmp_path, f"org/{key}", known)
