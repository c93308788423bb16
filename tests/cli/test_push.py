"""`kmn-ld push`, as an operator calls it."""

import pytest
from click.testing import CliRunner

from kmn_ld.cli import main
from tests.engine.others import running
from tests.engine.scripted import answering, reply
from tests.web import made_up


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "releases").mkdir()
    made_up.write(tmp_path / "releases")
    return tmp_path / "releases"


def _push(folder, settings=None, language="en"):
    names = ("endpoint", "endpoint_update", "endpoint_graph_store") if settings else ()
    environment = {f"KMN_LD_{name.upper()}": getattr(settings, name) for name in names}
    words = ["push", "--releases", str(folder), "--lang", language]
    return CliRunner().invoke(main, words, env=environment, catch_exceptions=False)


def test_a_push_tells_its_steps_and_the_release(folder, tmp_path):
    with running("oxigraph", tmp_path / "engine") as other:
        result = _push(folder, other.settings())
    assert result.exit_code == 0
    told = [line.rpartition("  ")[0].strip() for line in result.stderr.splitlines()]
    assert told[:3] == ["Prepare the push", "Send graphs", "Check what arrived"]
    assert (folder / "current").readlink().name in result.output


@pytest.mark.parametrize(("language", "word"), [("de", "KMN_LD_ENDPOINT"), ("en", "is empty")])
def test_without_an_engine_the_setting_is_named(folder, language, word):
    result = _push(folder, language=language)
    assert (result.exit_code, word in result.stderr) == (2, True)


def test_a_failure_is_told_without_the_password(folder):
    with answering(reply("", status="403 No")) as server:
        result = _push(folder, server.settings())
    assert result.exit_code == 1
    assert "403" in result.stderr
    assert "secret" not in result.output
