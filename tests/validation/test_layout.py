import pytest

from kmn_ld.errors import SourceError
from kmn_ld.validation.layout import check_layout, rewrite

NEAT = "<https://example.org/a>\n    <https://example.org/p> 1 ;\n.\n"


@pytest.fixture
def folder(tmp_path):
    for name in ("ontology", "shapes", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "a.ttl").write_text("\n" + NEAT, encoding="utf-8")
    return tmp_path


def test_another_layout_is_found_with_its_line(folder):
    (folder / "data" / "a.ttl").write_text("\n" + NEAT.replace("    ", "  "), encoding="utf-8")
    found = list(check_layout(folder))
    assert [(f.rule, f.path, f.line) for f in found] == [("layout", "data/a.ttl", 3)]


def test_a_rewritten_file_is_clean_and_rewritten_once(folder):
    (folder / "data" / "a.ttl").write_text(
        "<https://example.org/a> <https://example.org/p> 1 .", "utf-8"
    )
    assert list(rewrite(folder)) == [folder / "data" / "a.ttl"]
    assert list(rewrite(folder)) == []
    assert list(check_layout(folder)) == []


def test_a_file_that_does_not_parse_is_a_finding_and_is_not_touched(folder):
    (folder / "data" / "a.ttl").write_text("<https://example.org/a> .", encoding="utf-8")
    assert [f.rule for f in check_layout(folder)] == ["turtle-syntax"]
    with pytest.raises(SourceError):
        list(rewrite(folder))
    assert (folder / "data" / "a.ttl").read_text("utf-8") == "<https://example.org/a> ."


def test_a_comment_is_a_finding(folder):
    (folder / "data" / "a.ttl").write_text("\n" + NEAT + "# why\n", encoding="utf-8")
    assert [f.rule for f in check_layout(folder)] == ["turtle-comment"]
