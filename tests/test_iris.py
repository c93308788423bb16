import pytest
from hypothesis import given
from hypothesis import strategies as st

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


PAYLOADS = st.text(alphabet=iris.ALPHABET, min_size=5, max_size=5)


@given(PAYLOADS)
def test_no_single_error_is_missed(payload):
    """Every character of payload and check digits in turn, replaced by every other one."""
    key = f"k{payload}{iris.check_digits(payload)}"
    assert iris.is_well_formed(key)
    changed = {
        key[:place] + character + key[place + 1 :]
        for place in range(1, len(key))
        for character in (iris.ALPHABET if place < 6 else "0123456789")
    } - {key}
    assert len(changed) == 5 * 28 + 2 * 9
    assert [one for one in changed if iris.is_well_formed(one)] == []


@given(PAYLOADS)
def test_no_swap_of_neighbours_is_missed(payload):
    """Also of the last character and the first check digit, and of the two check digits."""
    key = f"k{payload}{iris.check_digits(payload)}"
    swapped = {key[:i] + key[i + 1] + key[i] + key[i + 2 :] for i in range(1, len(key) - 1)}
    assert [one for one in swapped - {key} if iris.is_well_formed(one)] == []


@given(PAYLOADS)
def test_check_digits_are_two_from_02_to_98(payload):
    assert 2 <= int(iris.check_digits(payload)) <= 98
    assert len(iris.check_digits(payload)) == 2


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
