import re

import pytest

from kmn_ld.build.progress import Silent
from kmn_ld.build.releasing import build_dataset
from kmn_ld.config import Settings
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.vocab import BASE, GRAPH
from kmn_ld.web import create_app
from kmn_ld.web.addresses import readings

NAMES = ["x/a%20b", "x/ä", "x/%C3%BC", "x/a%2520b", "x/a%2Fb", "x/a/b", "x/100%25", "x/(1),'2'"]


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    folder = tmp_path_factory.mktemp("addresses")
    lines = [f'<{BASE}id/{name}> <https://example.org/p> "{name}" .' for name in NAMES]
    lines += [f"<{BASE}id/x/all> <https://example.org/p> <{BASE}id/{name}> ." for name in NAMES]
    lines += [f'<a:a> <https://example.org/p> "{name}" <{GRAPH}{name}> .' for name in NAMES]
    (folder / "set.nq").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    settings = Settings(releases=folder / "releases")
    release = build_dataset(settings, folder / "set.nq", Silent()).release
    engine = TrustedStore(open_store(release, settings.memory_triples))
    return create_app(settings, engine=engine).test_client()


def address(name):
    """Return what a client asks for: the IRI, characters beyond ASCII encoded (RFC 3987, 3.1)."""
    return "".join(
        letter if letter.isascii() else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in name
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_address_of_an_iri_leads_to_its_description(visitor, name):
    found = visitor.get(f"/id/{address(name)}")
    assert found.status_code == 303
    assert found.headers["Location"] == f"/doc/{address(name)}"
    document = visitor.get(f"/doc/{address(name)}.nt")
    assert document.text == f'<{BASE}id/{name}> <https://example.org/p> "{name}" .\n'
    assert document.headers["Content-Location"] == f"/doc/{address(name)}.nt"


def test_links_of_pages_are_addresses(visitor):
    page = visitor.get("/doc/x/all.html").text
    links = {link.replace("&#39;", "'") for link in re.findall(r'href="(/doc/[^".]*)"', page)}
    assert {f"/doc/{address(name)}" for name in NAMES} <= links


@pytest.mark.parametrize("name", NAMES)
def test_the_address_of_a_graph_leads_to_it(visitor, name):
    response = visitor.get(f"/graph/{address(name)}.nt")
    assert response.status_code == 200
    assert response.headers["Content-Location"] == f"/graph/{address(name)}.nt"


@pytest.mark.parametrize(
    ("asked", "name"), [("x/%281%29,%272%27", "x/(1),'2'"), ("x/%61%20b", "x/a%20b")]
)
def test_what_need_not_be_encoded_may_be(visitor, asked, name):
    assert f"id/{name}>" in visitor.get(f"/doc/{asked}.nt").text


def test_what_is_encoded_twice_is_something_else(visitor):
    assert visitor.get("/doc/x/a%252520b").status_code == 404


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("a%20b", ("a%20b",)),
        ("%C3%A4", ("ä", "%C3%A4")),
        ("%C3%A4%20%41", ("ä%20%41", "%C3%A4%20%41", "ä%20A")),
        ("%FF", ("%FF",)),
        ("%2520", ("%2520",)),
    ],
)
def test_readings_come_likeliest_first(asked, expected):
    assert readings(asked) == expected
