import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kmn_ld import releases
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.errors import EngineError, ResourceNotFound, ServerBusy
from kmn_ld.web.archive import Archive
from tests.engine.waiting import eventually
from tests.web import made_up
from tests.web.answering import Answering

MORE = '<id/region/neu> a kmn:RegionalAssociation ; skos:prefLabel "Neu {}"@de .'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    for number in range(3):
        made_up.write(folder, more=MORE.format(number))
    return folder


@pytest.fixture
def opened():
    return []


@pytest.fixture
def held():
    """An event that openings wait for."""
    event = threading.Event()
    event.set()
    return event


@pytest.fixture
def make(folder, settings, opened, held):
    archives = []

    def opener(release):
        assert held.wait(10)
        opened.append(Answering(TrustedStore(open_store(release, settings.memory_triples))))
        return opened[-1]

    def made(**options):
        archives.append(Archive(folder, opener, **options))
        return archives[-1]

    yield made
    for archive in archives:
        archive.close()


def use(archive, key):
    with archive.use(key) as current:
        return current.key


def test_a_release_answers_by_its_id_and_stays_open_for_the_next(make, folder, opened):
    archive = make()
    first, *_ = releases.all_ids(folder)
    assert use(archive, first) == first
    assert use(archive, first) == first
    assert [engine.closed for engine in opened] == [False]


def test_of_more_than_it_may_hold_it_closes_the_one_not_asked_for_the_longest(make, folder, opened):
    archive = make(most=2, settled=0)
    one, two, three = releases.all_ids(folder)
    for key in (one, two, one, three):
        use(archive, key)
    assert [engine.closed for engine in opened] == [False, True, False]


def test_what_is_in_use_is_not_closed_for_another(make, folder, opened):
    archive = make(most=1, settled=0)
    one, two, _ = releases.all_ids(folder)
    with archive.use(one):
        with pytest.raises(ServerBusy):
            use(archive, two)
        assert not opened[0].closed
    assert use(archive, two) == two
    assert opened[0].closed


def test_what_was_asked_for_just_now_is_not_closed_for_another(make, folder, opened):
    archive = make(most=1, settled=60)
    one, two, _ = releases.all_ids(folder)
    use(archive, one)
    with pytest.raises(ServerBusy):
        use(archive, two)
    assert [engine.closed for engine in opened] == [False]


def test_a_release_that_cannot_be_opened_is_not_tried_at_each_request(folder):
    tried = []

    def opener(release):
        tried.append(release.id)
        raise EngineError("store-unreadable", path=release.folder, reason="test")

    archive = Archive(folder, opener)
    one, *_ = releases.all_ids(folder)
    for _ in range(3):
        with pytest.raises(EngineError):
            use(archive, one)
    assert tried == [one]


def test_while_one_release_is_opened_those_that_are_open_answer(make, folder, held):
    archive = make()
    one, two, _ = releases.all_ids(folder)
    use(archive, one)
    held.clear()
    with ThreadPoolExecutor(1) as threads:
        opening = threads.submit(use, archive, two)
        assert use(archive, one) == one
        assert not opening.done()
        held.set()
        assert opening.result() == two


def test_after_its_end_nothing_stays_open(make, folder, opened):
    archive = make()
    one, two, _ = releases.all_ids(folder)
    with archive.use(one):
        archive.close()
        assert not opened[0].closed
    use(archive, two)
    assert [engine.closed for engine in opened] == [True, True]


def test_what_nobody_asks_for_is_closed(make, folder, opened):
    archive = make(idle=0.05)
    use(archive, releases.all_ids(folder)[0])
    assert eventually(lambda: opened[0].closed)


@pytest.mark.parametrize("key", ["20010101T000000Z-0123456789ab", "../current", "current", ""])
def test_an_id_that_is_not_on_disk_is_not_found_and_those_that_are_are_named(make, folder, key):
    archive = make()
    with pytest.raises(ResourceNotFound) as caught, archive.use(key):
        pass
    assert releases.all_ids(folder)[0] in caught.value.details["kept"]


def test_an_older_release_is_opened_anew_after_something_was_erased(folder, make, opened):
    archive = make()
    key = releases.all_ids(folder)[0]
    assert (use(archive, key), use(archive, key)) == (key, key)
    assert len(opened) == 1
    releases.mark_rewriting(folder)
    assert use(archive, key) == key
    assert [engine.closed for engine in opened] == [True, False]
