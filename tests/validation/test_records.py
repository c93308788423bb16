import pytest

from kmn_ld import ledger
from kmn_ld.iris import random_id
from kmn_ld.sources import find
from kmn_ld.validation import records
from kmn_ld.validation.missing import find_missing
from kmn_ld.validation.reading import Reading, read
from kmn_ld.vocab import BASE, ONTOLOGY, PREFIXES

HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
LINE = HEAD.count("\n") + 1
DAY = "2026-11-24"


class Place:
    """Made-up sources with a ledger of their own."""

    def __init__(self, folder):
        self.folder, self.path = folder, folder / "data" / "ledger.csv"
        self.path.parent.mkdir()
        self.key, self.reserved, self.ended, self.service = (
            *ledger.mint(self.path, "org", 3, date=DAY),
            *ledger.mint(self.path, "service", 1, date=DAY),
        )
        ledger.publish(self.path, [self.key, self.ended, self.service], date=DAY)
        ledger.append(self.path, [("org", self.ended, "withdrawn", DAY, "", "", "editor")])
        self.org = f"{BASE}id/org/{self.key}"
        self.write(f"data/organisations/{self.key}.ttl", f"<{self.org}> skos:note 1 .")
        self.write(
            f"data/services/{self.service}.ttl", f"<{BASE}id/service/{self.service}> skos:note 1 ."
        )
        self.write("ontology/kmn.ttl", f"<{ONTOLOGY}> owl:versionIRI <{ONTOLOGY}/1.0> .")

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")

    def about_org(self, text):
        self.write(f"data/organisations/{self.key}.ttl", f"<{self.org}> skos:note 1 ;\n {text} .")

    def found(self, check):
        known = ledger.parse(self.path.read_bytes(), self.path)
        files = list(find(self.folder))
        reading = read(files, self.folder, lambda file: records.is_draft(file, known))
        assert reading.findings == []
        return [(f.rule, f.path, f.line) for f in check(reading, known)]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_sound_sources_have_no_finding(place):
    place.about_org(f"skos:related <{place.org}#part> . <{place.org}#part> skos:note 1")
    assert place.found(records.check_files) == []
    assert place.found(records.check_records) == []


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("organisations/meier", "file-no-id"),
        ("organisations/k7x2qf69", "file-check-digits"),
        ("organisations/k7x2qf96", "file-not-minted"),
        ("organisations/{ended}", "file-ended"),
        ("organisations/{service}", "file-other-type"),
        ("districts/3241", "file-name"),
        ("concepts/Kind", "file-name"),
    ],
)
def test_a_file_is_named_by_a_key_that_may_have_it(place, name, rule):
    name = f"data/{name.format(ended=place.ended, service=place.service)}.ttl"
    place.write(name, "<https://example.org/a> skos:note 1 .")
    known = ledger.parse(place.path.read_bytes(), place.path)
    reading = read(list(find(place.folder)), place.folder, lambda file: False)
    assert [(f.rule, f.path) for f in records.check_files(reading, known)] == [(rule, name)]


def test_a_wrong_name_names_the_one_that_was_meant(place):
    slip = f"{place.key[:-2]}{place.key[-1]}{place.key[-2]}"
    slip = slip if slip != place.key else f"{place.key[:-2]}99"
    old = place.folder / f"data/organisations/{place.key}.ttl"
    old.rename(old.with_name(f"{slip}.ttl"))
    known = ledger.parse(place.path.read_bytes(), place.path)
    reading = read(list(find(place.folder)), place.folder, lambda file: False)
    assert [one.rule for one in reading.findings] == ["subject-misplaced"]
    assert find_missing(reading, known, [], place.folder) == []
    [found] = records.check_files(reading, known)
    assert (found.rule, found.path) == ("file-check-digits", f"data/organisations/{slip}.ttl")
    assert f"Did you mean {place.key}?" in found.text("en")
    assert reading.findings == []


def test_a_published_id_needs_its_file(place):
    name = f"data/organisations/{place.key}.ttl"
    (place.folder / name).unlink()
    assert place.found(records.check_files) == [("id-without-file", name, None)]


def test_a_published_id_is_described_in_its_file(place):
    place.write(f"data/organisations/{place.key}.ttl", f"<{place.org}#part> skos:note 1 .")
    rules = {rule for rule, _, _ in place.found(records.check_records)}
    assert rules == {"id-without-record", "part-unreachable"}


@pytest.mark.parametrize(
    ("iri", "rules"),
    [
        ("id/org/k7x2qf96", ["link-organisation"]),
        ("id/org/{reserved}", ["iri-reserved"]),
        ("id/org/{ended}", ["iri-withdrawn"]),
        ("id/org/{service}", ["iri-other-type"]),
        ("id/org/k7x2qf69", ["link-check-digits"]),
        ("id/concept/nothing", ["link-scheme"]),
        ("id/district/03999", ["link-district"]),
        ("id/region/nowhere", ["link-nowhere"]),
        ("id/person/meier", ["iri-type"]),
        ("def#inPilar", ["term-unknown"]),
        ("def/1.0", []),
        ("graph/network", []),
        ("graph/nothing", ["link-nowhere"]),
    ],
)
def test_a_link_leads_to_what_is_described_and_public(place, iri, rules):
    keys = {"reserved": place.reserved, "ended": place.ended, "service": place.service}
    place.about_org(f"skos:related\n <{BASE}{iri.format(**keys)}>")
    name = f"data/organisations/{place.key}.ttl"
    assert sorted(place.found(records.check_records)) == [(rule, name, LINE + 2) for rule in rules]


def test_a_draft_may_speak_of_itself_and_is_told(place):
    iri = f"{BASE}id/org/{place.reserved}"
    name = f"data/organisations/{place.reserved}.ttl"
    place.write(name, f"<{iri}> skos:related <{iri}> .")
    assert place.found(records.check_files) == [("file-draft", name, None)]
    assert place.found(records.check_records) == []


def test_a_part_that_nothing_links_to_is_found_with_its_line(place):
    place.about_org(f"skos:note 2 .\n<{place.org}#part> skos:note 1")
    assert place.found(records.check_records) == [
        ("part-unreachable", f"data/organisations/{place.key}.ttl", LINE + 2)
    ]


def test_drafts_are_no_things_of_a_release(place):
    iri = f"{BASE}id/org/{place.reserved}"
    place.write(f"data/organisations/{place.reserved}.ttl", f"<{iri}> skos:note 1 .")
    known = ledger.parse(place.path.read_bytes(), place.path)
    reading = read(
        list(find(place.folder)), place.folder, lambda file: records.is_draft(file, known)
    )
    assert records.things(reading) == [place.org, f"{BASE}id/service/{place.service}"]


def test_an_iri_that_vanished_is_found_but_for_ids_of_the_ledger(place):
    known = ledger.parse(place.path.read_bytes(), place.path)
    before = [f"{BASE}id/region/heide", place.org, f"{BASE}id/org/{random_id()}"]
    lost = [f.focus for f in records.check_lost(Reading(), before, known)]
    assert lost == [before[0], before[2]]


def test_a_term_that_vanished_is_found(place):
    term = f"{ONTOLOGY}#Claim"
    place.write("ontology/claims.ttl", f"<{term}> a owl:Class .")
    place.write("ontology/alignments/x.ttl", f"<{ONTOLOGY}#Gone> skos:closeMatch schema:Claim .")
    reading = read(list(find(place.folder)), place.folder, lambda file: False)
    before = records.things(reading)
    assert [iri for iri in before if iri.startswith(ONTOLOGY)] == [term]
    known = ledger.parse(place.path.read_bytes(), place.path)
    (place.folder / "ontology/claims.ttl").unlink()
    reading = read(list(find(place.folder)), place.folder, lambda file: False)
    lost = records.check_lost(reading, before, known)
    assert [(finding.rule, finding.focus) for finding in lost] == [("term-lost", term)]


def test_an_iri_is_not_lost_where_its_file_could_not_be_read(place):
    place.write("data/regions/heide.ttl", "broken")
    reading = read(list(find(place.folder)), place.folder, lambda file: False)
    before = [f"{BASE}id/region/heide", f"{BASE}id/region/harz"]
    lost = records.check_lost(reading, before, None)
    assert [finding.focus for finding in lost] == before[1:]


def test_without_a_ledger_nothing_is_said_about_ids(place):
    place.write("data/organisations/k7x2qf96.ttl", f"<{BASE}id/org/k7x2qf96> skos:note 1 .")
    reading = read(list(find(place.folder)), place.folder, lambda file: False)
    assert list(records.check_files(reading, None)) == []
    assert list(records.check_records(reading, None)) == []
