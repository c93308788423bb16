import ast
import re
import shlex
import shutil
import subprocess

import pytest

from kmn_ld.web.snippets import snippets

NASTY = 'SELECT ?a {\r\n  ?a ?b \'x\', "y\\n$(id)`", """z""" # )--" and {{ ?c }}\r\n}'
PLAIN = NASTY.replace("\r\n", "\n")
NODE = shutil.which("node")
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


@pytest.mark.skipif(NODE is None, reason="no Node.js is installed")
def test_javascript_gets_the_query_as_it_is(made):
    code = made(NASTY + " \\ ${1 + 1}")["JavaScript"]
    assignment = code.partition(";\n")[0]
    told = subprocess.run(
        [NODE, "-e", f"{assignment}; process.stdout.write(query)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == PLAIN + " \\ ${1 + 1}\n"


@pytest.mark.parametrize(
    ("query", "accept", "signs"),
    [
        ("SELECT * {}", "text/csv", ('["bindings"]', "read.csv(url)", ".bindings")),
        ("prefix a: <a:> ask {}", "text/csv", ('["boolean"]', "readLines(url)", ".boolean")),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle", ("TURTLE", "format=ttl", "text/turtle")),
        ("DESCRIBE <a:b>", "text/turtle", ("result.decode()", "format=ttl", "response.text()")),
        ("no query", "text/csv", ('["bindings"]', "format=csv", ".bindings")),
    ],
)
def test_the_code_suits_the_form_of_the_query(made, query, accept, signs):
    code = made(query)
    assert accept in code["curl"]
    codes = (code["Python (SPARQLWrapper)"], code["R"], code["JavaScript"])
    assert [sign in text for sign, text in zip(signs, codes, strict=True)] == [True] * 3
