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


def test_a_symbolic_link_stays_one_and_a_file_keeps_its_rights(folder, tmp_path_factory):
    target = tmp_path_factory.mktemp("elsewhere") / "b.ttl"
    target.write_text("\n" + NEAT.replace("    ", " "), encoding="utf-8")
    target.chmod(0o640)
    (folder / "data" / "b.ttl").symlink_to(target)
    assert list(rewrite(folder)) == [folder / "data" / "b.ttl"]
    assert (folder / "data" / "b.ttl").readlink() == target
    assert (target.read_text("utf-8"), target.stat().st_mode & 0o777) == ("\n" + NEAT, 0o640)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("name", ["b.TTL", "b.Ttl", "b.ttl.txt", "b.jsonld"])
def test_a_file_that_nobody_would_read_is_a_finding(folder, name):
    (folder / "data" / name).write_text(NEAT, encoding="utf-8")
    assert [(f.rule, f.path) for f in check_layout(folder)] == [("file-ending", f"data/{name}")]
    with pytest.raises(SourceError) as caught:
        list(rewrite(folder))
    assert caught.value.key == "file-ending"


def test_a_value_in_a_list_that_would_change_is_a_finding(folder):
    text = NEAT.replace(
        " 1 ;", ' (\n        "1"^^<http://www.w3.org/2001/XMLSchema#double>\n    ) ;'
    )
    (folder / "data" / "a.ttl").write_text("\n" + text, encoding="utf-8")
    assert [f.rule for f in check_layout(folder)] == ["number-form"]
