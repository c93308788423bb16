from dataclasses import replace

import pytest

from tests.web.answering import answer
from tests.web.fronting import KEEPABLE, Wsgi, around
from tests.web.made_up import ACTIVE


def test_a_repeated_get_does_not_reach_flask(runner):
    wsgi = Wsgi(KEEPABLE)
    asgi = around(wsgi, runner)
    first = asgi.get("/a?b=c", headers={"Accept": "text/turtle"})
    second = asgi.get("/a?b=c", headers={"Accept": "text/turtle"})
    assert len(wsgi.environs) == 1
    assert second.messages == first.messages
    assert second.body == b"body"


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/a?b=d", {"Accept": "text/turtle"}),
        ("/x?b=c", {"Accept": "text/turtle"}),
        ("/a?b=c", {"Accept": "text/html"}),
        ("/a?b=c", [("Accept", "text/turtle"), ("Accept", "text/html")]),
        ("/a?b=c", {"Accept": "text/turtle", "X-Forwarded-Host": "evil.example"}),
    ],
)
def test_another_request_reaches_flask(runner, target, headers):
    wsgi = Wsgi(KEEPABLE)
    asgi = around(wsgi, runner)
    asgi.get("/a?b=c", headers={"Accept": "text/turtle"})
    asgi.get(target, headers=headers)
    assert len(wsgi.environs) == 2


@pytest.mark.parametrize("status", ["404 Not Found", "303 See Other", "203 Other"])
def test_only_200_is_kept(runner, status):
    wsgi = Wsgi(KEEPABLE, status=status)
    asgi = around(wsgi, runner)
    asgi.get("/a")
    asgi.get("/a")
    assert len(wsgi.environs) == 2


def test_a_known_tag_gets_304_without_flask(runner):
    wsgi = Wsgi([*KEEPABLE, ("Content-Type", "text/turtle")])
    asgi = around(wsgi, runner)
    asgi.get("/a")
    known = asgi.get("/a", headers={"If-None-Match": '"t"'})
    assert known.status == 304
    assert known.body == b""
    assert known.headers == {"etag": '"t"', "cache-control": "public", "vary": "Accept"}
    assert len(wsgi.environs) == 1


def test_an_answer_that_all_ask_about_by_tag_is_kept(runner):
    wsgi = Wsgi([*KEEPABLE, ("Content-Type", "text/turtle")])
    asgi = around(wsgi, runner)
    first, second = (asgi.get("/a", headers={"If-None-Match": 'W/"t"'}) for _ in range(2))
    assert [first.status, second.status] == [304, 304]
    assert first.headers == second.headers == {"etag": '"t"', "cache-control": "public",
                                               "vary": "Accept"}  # fmt: skip
    assert len(wsgi.environs) == 1


def test_a_tag_of_another_version_gets_the_whole(runner):
    asgi = around(Wsgi(KEEPABLE), runner)
    assert asgi.get("/a", headers={"If-None-Match": '"u"'}).body == b"body"


def test_an_error_is_no_answer_to_a_condition(runner):
    asgi = around(Wsgi(KEEPABLE, status="404 Not Found"), runner)
    assert asgi.get("/a", headers={"If-None-Match": "*"}).status == 404


def test_head_from_the_cache_has_the_length_and_no_body(runner):
    wsgi = Wsgi(KEEPABLE)
    asgi = around(wsgi, runner)
    asgi.get("/a")
    head = asgi.head("/a")
    assert head.headers["content-length"] == "4"
    assert head.body == b""
    assert len(wsgi.environs) == 1


def test_the_answer_to_head_is_not_kept_for_get(runner):
    wsgi = Wsgi(KEEPABLE)
    asgi = around(wsgi, runner)
    assert asgi.head("/a").body == b""
    assert asgi.get("/a").body == b"body"


def test_post_is_never_answered_from_the_cache(runner):
    wsgi = Wsgi(KEEPABLE)
    asgi = around(wsgi, runner)
    asgi.post("/a", b"x")
    asgi.post("/a", b"x")
    asgi.get("/a")
    assert len(wsgi.environs) == 3


def test_a_new_release_empties_the_cache(runner):
    generation = [0]
    wsgi = Wsgi(KEEPABLE)
    asgi = around(wsgi, runner, generation=lambda: generation[0])
    asgi.get("/a")
    generation[0] = 1
    asgi.get("/a")
    assert len(wsgi.environs) == 2


def test_an_answer_that_was_begun_before_a_new_release_is_not_kept(runner):
    generation = [0]

    def wsgi(environ, start_response):
        generation[0] += 1
        start_response("200 OK", KEEPABLE)
        return [b"%d" % generation[0]]

    asgi = around(wsgi, runner, generation=lambda: generation[0])
    assert asgi.get("/a").body == b"1"
    assert asgi.get("/a").body == b"2"


def test_real_documents_come_from_the_cache_the_second_time(asgi, engine):
    first = asgi.get(f"/doc/org/{ACTIVE}.ttl")
    engine.statements_about = None
    second = asgi.get(f"/doc/org/{ACTIVE}.ttl")
    assert second.messages == first.messages


def test_real_results_come_from_the_cache_the_second_time(asgi, engine):
    engine.next = answer(b'{"a":1}', "json")
    asgi.get("/sparql?query=x")
    asgi.get("/sparql?query=x")
    assert len(engine.asked) == 1
    asgi.get("/sparql?query=x", headers={"Accept": "text/csv"})
    assert len(engine.asked) == 2


def test_a_result_that_changes_is_asked_for_each_time(asgi, engine):
    engine.next = replace(answer(b"{}", "json"), is_repeatable=False)
    asgi.get("/sparql?query=SELECT(RAND()%20AS%20?x){}")
    asgi.get("/sparql?query=SELECT(RAND()%20AS%20?x){}")
    assert len(engine.asked) == 2


def test_parameters_that_no_document_knows_neither_reach_flask_nor_fill_the_cache(runner):
    wsgi = Wsgi(KEEPABLE)
    asgi = around(wsgi, runner)
    answers = [asgi.get(f"/doc/network?x={number}") for number in range(3)]
    assert [sent.body for sent in answers] == [b"body"] * 3
    assert [environ["QUERY_STRING"] for environ in wsgi.environs] == [""]
