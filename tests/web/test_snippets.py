import ast
import re
import shlex

import pytest

from kmn_ld.web.snippets import snippets

NASTY = 'SELECT ?a {\r\n  ?a ?b \'x\', "y\\n$(id)`", """z""" # )--" and {{ ?c }}\r\n}'
PLAIN = NASTY.replace("\r\n", "\n")
ADDRESS = "http://localhost/sparql"


@pytest.fixture
def made(app):
    def make(query):
        with app.test_request_context("/sparql"):
            return dict(snippets(query))

    return make


def test_curl_gets_the_query_as_one_argument(made):
    words = shlex.split(made(NASTY)["curl"].replace("\\\n  ", ""))
    assert words == [
        "curl",
        "-H",
        "Accept: text/csv",
        "--data-urlencode",
        f"query={PLAIN}",
        ADDRESS,
    ]


def test_python_gets_the_query_as_it_is(made):
    tree = ast.parse(made(NASTY)["Python (SPARQLWrapper)"])
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert f"{PLAIN}\n" in constants
    assert ADDRESS in constants


def test_r_gets_the_query_in_a_raw_string_that_ends_where_it_should(made):
    code = made(NASTY)["R"]
    found = re.match(r'query <- r"(-*)\(', code)
    assert code[found.end() :].partition(f'){found[1]}"')[0] == PLAIN
    assert "{{ ?c }}" in code


@pytest.mark.parametrize(
    ("query", "accept", "python", "r"),
    [
        ("SELECT * {}", "text/csv", '["bindings"]', "read.csv(url)"),
        ("prefix a: <a:> ask {}", "text/csv", '["boolean"]', "readLines(url)"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle", "TURTLE", "format=ttl"),
        ("DESCRIBE <a:b>", "text/turtle", "result.decode()", "format=ttl"),
        ("no query", "text/csv", '["bindings"]', "format=csv"),
    ],
)
def test_the_code_suits_the_form_of_the_query(made, query, accept, python, r):
    code = made(query)
    assert accept in code["curl"]
    assert python in code["Python (SPARQLWrapper)"]
    assert r in code["R"]
