from dataclasses import replace

import pytest

from kmn_ld.web import answers, responses
from kmn_ld.web.responses import Varying
from tests.web.answering import answer


@pytest.mark.parametrize(
    ("method", "is_repeatable", "kept"),
    [
        ("GET", True, responses.RESULT_AGE),
        ("GET", False, responses.NOT_KEPT),
        ("POST", True, responses.NOT_KEPT),
    ],
)
def test_what_may_change_and_what_was_posted_is_not_kept(method, is_repeatable, kept):
    result = replace(answer(b"a", "csv"), is_repeatable=is_repeatable)
    assert answers.age(result, method) == kept
    headers = answers.headers(result, "Accept", kept)
    assert headers["Cache-Control"] == kept
    assert ("ETag" in headers) is (kept != responses.NOT_KEPT)


def test_a_file_and_a_body_have_the_same_headers(app, tmp_path):
    with app.test_request_context("/"):
        varying = Varying(by_format=True)
        body = answers.send(answer(b"a", "csv"), varying, responses.RESULT_AGE)
        file = answers.send(answer(b"a", "csv", tmp_path / "a"), varying, responses.RESULT_AGE)
    assert file.headers.pop("X-Sendfile") == str(tmp_path / "a")
    assert sorted(file.headers.items()) == sorted(body.headers.items())
