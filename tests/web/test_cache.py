import gc
import tracemalloc

import pytest

from kmn_ld.web.cache import MOST_VARIANTS, AnswerCache, is_known

PLACE = (b"example.org", b"", b"", b"/doc/x?")
OTHER = (b"example.org", b"", b"", b"/doc/y?")
KEEPABLE = [
    (b"content-type", b"text/turtle"),
    (b"content-length", b"4"),
    (b"etag", b'"t"'),
    (b"cache-control", b"public, max-age=3600"),
]
TURTLE, JSON = {b"accept": b"text/turtle"}, {b"accept": b"application/json"}


def _varying(names, tag=b'"t"'):
    return [
        (b"etag", tag),
        (b"cache-control", b"public"),
        (b"vary", names),
    ]


def test_what_was_kept_is_found_whole():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, {}, KEEPABLE, b"body")
    kept = cache.find(PLACE, TURTLE)
    assert kept.body == b"body"
    assert kept.headers == KEEPABLE
    assert kept.headers_unchanged == KEEPABLE[2:]


def test_nothing_is_found_elsewhere():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, {}, KEEPABLE, b"body")
    assert cache.find(OTHER, {}) is None
    assert cache.find((b"example.net", *PLACE[1:]), {}) is None


def test_answers_differ_by_the_headers_that_vary_names():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, TURTLE, _varying(b"Accept"), b"turtle")
    cache.keep(PLACE, JSON, _varying(b"Accept"), b"json")
    assert cache.find(PLACE, TURTLE).body == b"turtle"
    assert cache.find(PLACE, JSON).body == b"json"
    assert cache.find(PLACE, {b"accept": b"text/html"}) is None
    assert cache.find(PLACE, {}) is None


def test_answers_of_one_place_may_vary_by_different_headers():
    cache = AnswerCache(100_000)
    german = {b"accept": b"text/html", b"accept-language": b"de"}
    cache.keep(PLACE, JSON, _varying(b"Accept"), b"json")
    cache.keep(PLACE, german, _varying(b"Accept, Accept-Language"), b"deutsch")
    assert cache.find(PLACE, {**JSON, b"accept-language": b"en"}).body == b"json"
    assert cache.find(PLACE, german).body == b"deutsch"
    assert cache.find(PLACE, {**german, b"accept-language": b"en"}) is None


def test_only_public_answers_with_a_tag_are_kept():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, {}, [(b"etag", b'"t"'), (b"cache-control", b"no-store")], b"x")
    cache.keep(PLACE, {}, [(b"etag", b'"t"')], b"x")
    cache.keep(PLACE, {}, [(b"cache-control", b"public")], b"x")
    cache.keep(PLACE, {}, _varying(b"*"), b"x")
    assert cache.find(PLACE, {}) is None
    assert cache.used == 0


def test_an_answer_that_takes_too_large_a_share_is_not_kept():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, {}, KEEPABLE, b"x" * 10_000)
    assert cache.find(PLACE, {}) is None


def test_long_request_headers_count_too():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, {b"accept": b"x" * 10_000}, _varying(b"Accept"), b"x")
    cache.keep((b"h" * 10_000, *PLACE[1:]), {}, KEEPABLE, b"x")
    assert cache.used == 0


def test_a_cache_of_no_size_keeps_nothing():
    cache = AnswerCache(0)
    cache.keep(PLACE, {}, KEEPABLE, b"")
    assert cache.find(PLACE, {}) is None


def _real_headers(number):
    """Fresh objects each time, as the bridge makes them."""
    texts = {
        "content-type": "text/turtle; charset=utf-8",
        "content-length": f"{1000 + number}",
        "etag": f'"{number:032x}"',
        "cache-control": "public, max-age=3600",
        "vary": "Accept, Accept-Language",
        "link": f'</doc/org/{number}.ttl>; rel="alternate"; type="text/turtle"' * 6,
        "content-security-policy": "default-src 'none'; style-src 'self'; " * 6,
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
    }
    return [(name.encode(), value.encode()) for name, value in texts.items()]


def _keep_many(count, size, variants):
    cache = AnswerCache(1_000_000_000)
    for number in range(count):
        place = (b"example.org:%d" % 8000, b"", b"", b"/doc/%d" % (number // variants))
        asked = {b"accept": b"text/turtle;q=0.%d" % number, b"accept-language": b"de"}
        cache.keep(place, asked, _real_headers(number), b"%d" % number + b"x" * size)
    return cache


@pytest.mark.parametrize(("size", "variants"), [(0, 1), (100, 8), (2_000, 1), (2_000, 60)])
def test_what_is_counted_is_what_python_takes_and_a_fifth_more_at_most(size, variants):
    gc.collect()
    tracemalloc.start()
    cache = _keep_many(3_000, size, variants)
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken <= cache.used <= 1.2 * taken


def _fill(cache, count):
    for number in range(count):
        cache.keep((*PLACE[:3], b"%d" % number), {}, KEEPABLE, b"x" * 1000)


def test_the_least_recently_used_goes_first_and_the_size_holds():
    cache = AnswerCache(90_000)
    _fill(cache, 20)
    assert cache.find((*PLACE[:3], b"0"), {}) is not None
    _fill(cache, 35)
    assert cache.used <= 90_000
    assert cache.find((*PLACE[:3], b"0"), {}) is not None
    assert cache.find((*PLACE[:3], b"1"), {}) is None
    assert cache.find((*PLACE[:3], b"34"), {}) is not None


def _vary_endlessly(cache, count):
    for number in range(count):
        cache.keep(PLACE, {b"accept": b"%d" % number}, _varying(b"Accept"), b"x")


def test_one_place_cannot_fill_the_cache_with_variants():
    cache = AnswerCache(10_000_000)
    _vary_endlessly(cache, 10 * MOST_VARIANTS + 1)
    assert cache.used < MOST_VARIANTS * 2000


def test_clearing_forgets_everything():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, {}, KEEPABLE, b"body")
    cache.clear()
    assert cache.find(PLACE, {}) is None
    assert cache.used == 0


def test_keeping_the_same_again_counts_once():
    cache = AnswerCache(100_000)
    cache.keep(PLACE, {}, KEEPABLE, b"body")
    used = cache.used
    cache.keep(PLACE, {}, KEEPABLE, b"body")
    assert cache.used == used


def test_tags_are_known_alone_in_lists_weakly_and_by_star():
    assert is_known(b'"t"', b'"t"')
    assert is_known(b'"t"', b'"a", W/"t"')
    assert is_known(b'"t"', b"*")
    assert not is_known(b'"t"', b'"a", "b"')
