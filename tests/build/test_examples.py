from kmn_ld import releases


def _kept(workplace):
    folder = releases.current(workplace.releases).path(releases.QUERIES)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_holds_the_examples_of_its_sources(workplace):
    examples = workplace.sources / "queries" / "examples"
    assert len(_kept(workplace)) > 20
    assert _kept(workplace) == {path.name: path.read_bytes() for path in examples.glob("*.rq")}
    listed = releases.current(workplace.releases).files
    assert {f"{releases.QUERIES}/{name}" for name in _kept(workplace)} <= set(listed)


def test_a_changed_example_makes_a_new_release(workplace):
    assert "Nothing has changed" in workplace.run("build").output
    path = workplace.sources / "queries" / "examples" / "pillars.rq"
    path.write_text(path.read_text("utf-8") + "# more\n", encoding="utf-8")
    assert workplace.run("build").exit_code == 0
    assert _kept(workplace)["pillars.rq"].endswith(b"# more\n")
