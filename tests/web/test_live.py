import threading

import pytest

from kmn_ld import releases
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.errors import BuildError, EngineError
from kmn_ld.web import create_app
from kmn_ld.web.live import Current, Live
from tests.web import made_up
from tests.web.answering import Answering

MORE = '<id/region/neu> a kmn:RegionalAssociation ; skos:prefLabel "Neu"@de .'
REFUSAL = EngineError("store-unreadable", path="releases/x", reason="test")


class _Opener:
    """Opens engines and remembers them; refuses where a test says so."""

    def __init__(self, settings):
        self.settings = settings
        self.opened = []
        self.refusing = None

    def __call__(self, release):
        if self.refusing:
            raise self.refusing
        store = open_store(release, self.settings.memory_triples)
        self.opened.append(Answering(TrustedStore(store)))
        return self.opened[-1]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "releases").mkdir()
    made_up.write(tmp_path / "releases")
    return tmp_path / "releases"


@pytest.fixture
def opener(settings):
    return _Opener(settings)


def test_nothing_happens_while_the_release_stays(folder, opener):
    live = Live.over(folder, opener)
    assert live.refresh() is False
    assert len(opener.opened) == 1
    assert live.generation == 0


def test_a_new_release_answers_and_the_old_engine_is_closed(folder, opener):
    live = Live.over(folder, opener)
    new = made_up.write(folder, more=MORE)
    assert live.refresh() is True
    assert live.current.key == new.id
    assert live.generation == 1
    assert [engine.closed for engine in opener.opened] == [True, False]


def test_a_request_finishes_on_the_release_it_began_on(folder, opener):
    live = Live.over(folder, opener)
    with live.use() as before:
        made_up.write(folder, more=MORE)
        live.refresh()
        with live.use() as after:
            assert after.key != before.key
        assert not opener.opened[0].closed
    assert opener.opened[0].closed
    assert not opener.opened[1].closed


def test_the_last_of_several_requests_closes_the_old_engine(folder, opener):
    live = Live.over(folder, opener)
    first, second = live.use(), live.use()
    first.__enter__()
    second.__enter__()
    made_up.write(folder, more=MORE)
    live.refresh()
    first.__exit__(None, None, None)
    assert not opener.opened[0].closed
    second.__exit__(None, None, None)
    assert opener.opened[0].closed


@pytest.mark.parametrize(
    "error",
    [REFUSAL, OSError(28, "No space left on device"), MemoryError(), RuntimeError("no thread")],
)
def test_a_broken_release_is_recorded_and_the_old_one_goes_on(folder, opener, caplog, error):
    live = Live.over(folder, opener)
    before = live.current.key
    new = made_up.write(folder, more=MORE)
    opener.refusing = error
    assert live.refresh() is False
    assert live.current.key == before
    assert f"Release {new.id} cannot be opened" in caplog.text


def test_a_broken_release_is_not_tried_at_every_look(folder, opener, caplog):
    live = Live.over(folder, opener)
    made_up.write(folder, more=MORE)
    opener.refusing = REFUSAL
    live.refresh()
    caplog.clear()
    opener.refusing = None
    assert live.refresh() is False
    assert caplog.text == ""


def test_a_release_with_a_broken_ledger_is_refused(folder, opener, caplog):
    live = Live.over(folder, opener)
    new = made_up.write(folder, more=MORE)
    new.path(releases.LEDGER).write_text("nonsense\n", encoding="utf-8")
    assert live.refresh() is False
    assert "LedgerError" in caplog.text


def test_going_back_to_an_older_release_is_a_swap_too(folder, opener):
    live = Live.over(folder, opener)
    first = live.current.key
    made_up.write(folder, more=MORE)
    live.refresh()
    releases.activate(folder, first)
    assert live.refresh() is True
    assert live.current.key == first


def test_the_watcher_notices_a_new_release_within_a_second(folder, opener):
    live = Live.over(folder, opener)
    swapped = threading.Event()
    swap = live.swap

    def noticed(new):
        swap(new)
        swapped.set()

    live.swap = noticed
    live.watch()
    made_up.write(folder, more=MORE)
    assert swapped.wait(1.5)
    live.close()
    assert opener.opened[1].closed


def test_without_a_release_there_is_nothing_to_answer_from(tmp_path, opener, settings):
    with pytest.raises(BuildError):
        Live.over(tmp_path, opener)
    with pytest.raises(BuildError):
        create_app(settings.with_changes(releases=tmp_path))


def test_an_engine_of_the_callers_needs_no_release(tmp_path, settings, engine):
    app = create_app(settings.with_changes(releases=tmp_path), engine=engine)
    client = app.test_client()
    assert client.get("/doc/network.ttl").status_code == 200
    assert client.get("/health/ready").json == {"status": "ready", "release": ""}


def test_survivors_follow_merged_ids(release, engine):
    survivors = Current.of(engine, release).survivors
    assert survivors == {
        made_up.MERGED: made_up.ACTIVE,
        made_up.MERGED_TWICE: made_up.ACTIVE,
    }


def test_requests_let_go_of_the_engine(folder, opener, settings):
    live = Live.over(folder, opener)
    client = create_app(settings, engine=live).test_client()
    client.get("/doc/network.ttl")
    client.get("/nowhere")
    made_up.write(folder, more=MORE)
    live.refresh()
    assert opener.opened[0].closed
    assert client.get("/doc/region/neu.ttl").status_code == 200


def test_what_was_erased_from_the_current_release_is_answered_no_more(folder, opener):
    live = Live.over(folder, opener)
    with releases.exclusive(folder):
        releases.mark_rewriting(folder)
    assert live.refresh() is True
    assert live.generation == 1
    assert [engine.closed for engine in opener.opened] == [True, False]
    assert live.refresh() is False


def test_a_rewritten_release_that_cannot_be_opened_is_tried_again(folder, opener):
    live = Live.over(folder, opener)
    with releases.exclusive(folder):
        releases.mark_rewriting(folder)
    opener.refusing = REFUSAL
    assert live.refresh() is False
    opener.refusing = None
    live._refused = ("", 0.0)  # the wait is over
    assert live.refresh() is True
