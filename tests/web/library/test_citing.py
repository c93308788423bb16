"""How a result of the library says what it is to be cited and credited as."""

import html
import re

from tests.web.library.test_views import PAGE

OUTLINES, FIGURES = "geonutz/20130319", "creativecommons.org/licenses/by/4.0/"


def test_the_address_to_cite_gives_the_same_rows_from_the_release(reader, shelf):
    first = reader.get("/queries/what-became-of.csv?name=LAG+JAW")
    (cited,) = re.findall('<([^>]+)>; rel="cite-as"', first.headers["Link"])
    release = reader.get("/health/ready").json["release"]
    assert cited == f"/releases/{release}/queries/what-became-of?name=LAG+JAW"
    again = reader.get(cited, headers={"Accept": "text/csv"})
    assert (again.status_code, again.data) == (200, first.data)


def test_the_description_of_a_query_is_cited_as_the_query(reader):
    links = reader.get("/queries/what-became-of.ttl").headers["Link"]
    assert '<https://w3id.org/kmn-ld/queries/what-became-of>; rel="cite-as"' in links


def test_a_page_is_cited_with_values_release_date_licence_and_address(reader):
    page = reader.get("/queries/what-became-of?name=LAG+JAW&lang=en", headers=PAGE).text
    box = html.unescape(page.partition('<h2 id="cite">')[2].partition("</section>")[0])
    told = reader.get("/health/ready").json
    assert f"(name = LAG JAW), release {told['release']} of {told['built'][:10]}" in box
    assert "dl-de/by-2-0" in box
    assert f"/releases/{told['release']}/queries/what-became-of?name=LAG+JAW</code>" in box


def test_pages_headers_and_geojson_credit_all_sources(reader):
    path = "/queries/organisations-per-district"
    page = reader.get(path, headers=PAGE)
    collection = reader.get(f"{path}.geojson")
    for credit in ("© GeoBasis-DE / BKG 2016", "(Destatis), 2019"):
        assert credit in page.text
        assert any(credit in one for one in collection.json["attributions"])
    for licence in (OUTLINES, FIGURES, "dl-by-de/2.0"):
        assert licence in collection.headers["Link"]
        assert any(licence in one for one in collection.json["licenses"])
