import pytest

from kmn_ld import queries
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import create_app
from kmn_ld.web.library.charts import MOST_BARS, draw_bars, draw_line

HEADER = (
    "#+ title: T\n#+ title@de: D\n#+ summary: S\n#+ summary@de: S\n"
    "#+ returns: pillar, pillarDe, pillarEn, year, count\n"
)


@pytest.fixture(autouse=True)
def asked(settings, engine):
    with create_app(settings, engine=engine).test_request_context("/?lang=de"):
        yield


@pytest.fixture
def made(tmp_path):
    def _made(view):
        path = tmp_path / "q.rq"
        path.write_text(f"{HEADER}#+ view: {view}\nSELECT", encoding="utf-8")
        return queries.read_library(path)

    return _made


def number(value):
    return Literal(str(value), datatype=PREFIXES["xsd"] + "integer")


def row(count, year=2000, name="Säule"):
    return {
        "pillar": Iri("https://example.org/pillar"),
        "pillarDe": Literal(name, "de"),
        "pillarEn": Literal("pillar", "en"),
        "year": number(year),
        "count": number(count),
    }


def test_bars_are_as_long_as_their_values_and_named_in_the_language(made):
    drawn = draw_bars(made("bar: pillar count"), [row(1000), row(250), {}], "de")
    assert [(bar.label, bar.value) for bar in drawn.bars] == [("Säule", "1.000"), ("Säule", "250")]
    assert drawn.bars[0].length == pytest.approx(4 * drawn.bars[1].length)
    assert drawn.names == ("Säule", "count")
    assert draw_bars(made("bar: pillar count"), [row(1)], "en").bars[0].label == "pillar"


def test_a_long_label_is_cut_and_kept_whole_for_its_title(made):
    (bar,) = draw_bars(made("bar: pillar count"), [row(1, name="x" * 99)], "de").bars
    assert (len(bar.label), bar.short[-1]) == (99, "…")


def test_the_first_of_very_many_bars_are_drawn(made):
    drawn = draw_bars(made("bar: pillar count"), [row(1)] * 99, "de")
    assert (len(drawn.bars), drawn.total) == (MOST_BARS, 99)


def test_years_keep_their_distances_on_a_line(made):
    rows = [row(1, 2000), row(2, 2001), row(4, 2010)]
    drawn = draw_line(made("line: year count"), rows, "de")
    first, second, last = drawn.points
    assert (second.x - first.x) * 9 == pytest.approx(last.x - second.x, abs=1)
    assert [point.label for point in drawn.points] == ["2000", "2001", "2010"]
    assert last.y == drawn.ticks[-1][0]
    assert drawn.path.count("L") == 2


def test_labels_below_a_line_do_not_overlap(made):
    rows = [row(1, year) for year in (1945, 1978, 2013, 2014, 2015, 2018)]
    points = draw_line(made("line: year count"), rows, "de").points
    assert [point.label for point in points if point.is_labelled] == ["1945", "1978", "2018"]


def test_what_is_no_number_stands_at_equal_distances(made):
    drawn = draw_line(made("line: pillar count"), [row(1), row(2), row(3)], "de")
    first, second, last = (point.x for point in drawn.points)
    assert second - first == last - second


@pytest.mark.parametrize("rows", [[], [{}], [{"count": Literal("many")}]])
def test_without_values_nothing_is_drawn(made, rows):
    assert draw_bars(made("bar: pillar count"), rows, "de") is None
    assert draw_line(made("line: year count"), rows, "de") is None


def test_zeroes_alone_have_bars_without_length(made):
    assert draw_bars(made("bar: pillar count"), [row(0)], "de").bars[0].length == 0
