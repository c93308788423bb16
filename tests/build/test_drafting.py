import pytest

from kmn_ld.build import preparing


@pytest.fixture
def draft(workplace):
    """Write the file of a reserved id, without a name."""
    key = workplace.run("mint", "--sources", str(workplace.sources)).stdout.split()[0]
    model = workplace.organisation("kargah")
    text = model.read_text("utf-8").replace(model.stem, key).replace('"kargah"^^', '"draft"^^')
    kept = [line for line in text.splitlines(keepends=True) if "skos:prefLabel" not in line]
    path = model.with_name(f"{key}.ttl")
    path.write_text("".join(kept), encoding="utf-8")
    return path


@pytest.mark.parametrize("most", [0, 10_000], ids=["large data", "small data"])
def test_a_draft_is_validated_whatever_the_size_of_the_data(workplace, draft, monkeypatch, most):
    monkeypatch.setattr(preparing, "MAX_FOR_PYSHACL", most)
    result = workplace.run("check")
    assert result.exit_code == 1
    assert f"data/organisations/{draft.name}:" in result.output
    assert "exactly one German name" in result.output
