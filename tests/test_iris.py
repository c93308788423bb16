import pytest

from kmn_ld import iris
from kmn_ld.iris import ResourceName

VALID = ["k7x2qf96", "kbcdf023", "k3m9tr31"]


@pytest.mark.parametrize("key", VALID)
def test_test_vectors_are_well_formed(key):
    assert iris.is_well_formed(key)


@pytest.mark.parametrize(
    "key", ["k7x2qf69", "k7x2fq96", "K7X2QF96", "k7x2qf9", "a7x2qf96", "k7x2yf96", ""]
)
def test_wrong_ids_are_not_well_formed(key):
    assert not iris.is_well_formed(key)


def test_every_single_substitution_is_caught():
    survivors = [
        changed
        for key in VALID
        for place in range(1, 6)
        for character in iris.ALPHABET
        if (changed := key[:place] + character + key[place + 1 :]) != key
        and iris.is_well_formed(changed)
    ]
    assert survivors == []


def test_every_swap_of_neighbours_is_caught():
    swapped = [
        k[:i] + k[i + 1] + k[i] + k[i + 2 :] for k in VALID for i in range(1, 7) if k[i] != k[i + 1]
    ]
    assert len(swapped) > 10
    assert [key for key in swapped if iris.is_well_formed(key)] == []


@pytest.mark.parametrize(
    "text",
    [
        "K-7X2Q-F96",
        " k7x2qf96 ",
        "K7X2QF96",
        "https://w3id.org/kmn-ld/id/org/k7x2qf96",
        "k 7x2 qf96",
    ],
)
def test_what_people_type_becomes_the_canonical_id(text):
    assert iris.canonical_id(text) == "k7x2qf96"


def test_lookalikes_become_digits():
    assert iris.canonical_id("kOiL") == "k011"


def test_drawn_ids_are_mintable_and_differ():
    drawn = {iris.random_id() for _ in range(500)}
    assert len(drawn) > 490
    assert [key for key in drawn if not iris.is_mintable(key)] == []


@pytest.mark.parametrize("payload", ["ss123", "b88cd", "12345", "bcdfg", "kkb12", "1hh2b"])
def test_slurs_and_payloads_of_one_kind_are_not_minted(payload):
    key = f"k{payload}{iris.check_digits(payload)}"
    assert iris.is_well_formed(key)
    assert not iris.is_mintable(key)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("network", ResourceName("network", "")),
        ("org/k7x2qf96", ResourceName("org", "k7x2qf96")),
        ("org/k7x2qf69", ResourceName("org", "k7x2qf69")),
        ("service/k3m9tr31", ResourceName("service", "k3m9tr31")),
        ("region/heide", ResourceName("region", "heide")),
        ("district/03451", ResourceName("district", "03451")),
        ("concept/pillar", ResourceName("concept", "pillar")),
        ("concept/pillar/jmd", ResourceName("concept", "pillar/jmd")),
        ("agent/project", ResourceName("agent", "project")),
    ],
)
def test_paths_of_the_closed_table_have_a_name(path, name):
    assert iris.parse_path(path) == name
    assert name.path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "org",
        "org/",
        "org/K7X2QF96",
        "org/heide",
        "network/x",
        "district/04011",
        "concept/a/b/c",
        "concept/pillar/",
        "region/../x",
        "region/Heide",
        "x/y",
    ],
)
def test_other_paths_have_none(path):
    assert iris.parse_path(path) is None


def test_an_iri_is_taken_apart_and_put_together():
    name = iris.parse_iri("https://w3id.org/kmn-ld/id/org/k7x2qf96#contact")
    assert name.iri == "https://w3id.org/kmn-ld/id/org/k7x2qf96"


def test_foreign_iris_have_no_name():
    assert iris.parse_iri("https://example.org/id/org/k7x2qf96") is None
    assert not iris.is_ours("https://example.org/")


@pytest.mark.parametrize(
    ("path", "quoted"),
    [("/doc/a b", "/doc/a%20b"), ("/doc/ä?#%", "/doc/%C3%A4%3F%23%25"), ("/~a;b=c", "/~a;b=c")],
)
def test_a_path_is_quoted_whole(path, quoted):
    assert iris.quote_path(path) == quoted


def test_an_iri_is_quoted_without_what_is_encoded_already():
    quoted = iris.quote_iri('https://example.org/ä%20b?c=d#e<">')
    assert quoted == "https://example.org/%C3%A4%20b?c=d#e%3C%22%3E"


def test_the_document_of_an_iri_has_no_fragment():
    assert iris.document_of("https://w3id.org/kmn-ld/def#Pillar") == "https://w3id.org/kmn-ld/def"
