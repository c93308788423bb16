"""Whatever is sent, the answer is a proper one, and the server is afterwards what it was."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz import inputs
from tests.fuzz.service import Fuzzed, demand_an_answer, demand_rest, demand_the_same_again

pytestmark = pytest.mark.exhaustive

SHARDS = 4
WARM_UP = 100
EXAMPLES = {"queries": 2200, "bytes": 700, "parameters": 1100, "headers": 1100}
"""Inputs of each shard."""
HEADERS = [("Host", "example.org")]
FORM = ("Content-Type", "application/x-www-form-urlencoded")
DIRECT = ("Content-Type", "application/sparql-query")
TARGETS = st.sampled_from(
    ["/sparql", "/sparql?query=ASK%7B%7D", "/doc/x", "/", "/graph/x.ttl", "/health/ready",
     "/sparql?query=SELECT%20*%7B%3Fa%20%3Fb%20%3Fc%7D", "/.well-known/void", "/queries",
     "/queries.json", "/metrics", "/?format=csv", "/openapi.json", "/api", "/sparql/terms.json",
     "/releases/20010101T000000Z-0123456789ab/sparql?query=ASK%7B%7D"]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE", "BREW"])


def test_at_least_20_000_inputs_are_sent():
    assert SHARDS * sum(EXAMPLES.values()) >= 20_000


def run(name: str, shard: int, strategies: dict, check: Callable[..., None]) -> None:
    """Check so many inputs: the same at every run unless the profile is `long`."""
    is_long = settings.get_current_profile_name() == "long"
    number = settings.default.max_examples if is_long else EXAMPLES[name]
    count = 0

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(**strategies)
    def all_of_them(**given_inputs: object) -> None:
        nonlocal count
        count += 1
        check(**given_inputs)

    (all_of_them if is_long else seed(f"{name} {shard}")(all_of_them))()
    assert count >= number


def warmed_up(service: Fuzzed) -> int:
    """Ask until everything is loaded and kept; return the memory that is used then."""
    for number in range(WARM_UP):
        query = quote(f"SELECT * {{ ?s ?p ?o }} LIMIT {number}")
        for accept in ("application/json", "text/html", "text/turtle"):
            headers = [*HEADERS, ("Accept", accept)]
            service.send("GET", f"/sparql?query={query}", headers, b"")
    return service.memory()


@pytest.mark.clause("Fuzzing")
@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_query_text_gets_a_proper_answer(service: Fuzzed, shard: int):
    before = warmed_up(service)

    def check(text: str, accept: str) -> None:
        headers = [*HEADERS, DIRECT, ("Accept", accept)]
        demand_an_answer(service.send("POST", "/sparql", headers, text.encode(errors="replace")))

    kinds = {"text": inputs.queries, "accept": st.just("*/*") | inputs.accept}
    run("queries", shard, kinds, check)
    demand_rest(service, before)


@pytest.mark.clause("Fuzzing")
@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_body_gets_a_proper_answer(service: Fuzzed, shard: int):
    before = warmed_up(service)

    def check(body: bytes, kind: str) -> None:
        headers = [*HEADERS, ("Content-Type", kind)]
        demand_an_answer(service.send("POST", "/sparql", headers, body))

    bodies = st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=30).map(lambda data: b"query=" + data),
        inputs.parameters.map(str.encode),
    )
    kinds = {"body": bodies, "kind": inputs.content_types}
    run("bytes", shard, kinds, check)
    demand_rest(service, before)


@pytest.mark.clause("Fuzzing")
@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_parameters_get_a_proper_answer(service: Fuzzed, shard: int):
    before = warmed_up(service)

    def check(parameters: str, is_form: bool, accept: str) -> None:
        headers = [*HEADERS, ("Accept", accept)]
        if is_form:
            answer = service.send("POST", "/sparql", [*headers, FORM], parameters.encode())
        else:
            target = "/sparql?" + quote(parameters, safe="%&=+;?/")
            answer = service.send("GET", target, headers, b"")
            demand_the_same_again(service, target, headers, answer)
        demand_an_answer(answer)

    kinds = {
        "parameters": inputs.parameters,
        "is_form": st.booleans(),
        "accept": st.just("text/html") | inputs.accept,
    }
    run("parameters", shard, kinds, check)
    demand_rest(service, before)


@pytest.mark.clause("Fuzzing")
@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_headers_get_a_proper_answer(service: Fuzzed, shard: int):
    before = warmed_up(service)

    def check(method: str, target: str, host: str, headers: list[tuple[str, str]]) -> None:
        demand_an_answer(service.send(method, target, [("Host", host), *headers], b""))

    kinds = {
        "method": METHODS,
        "target": TARGETS,
        "host": inputs.hosts,
        "headers": inputs.headers,
    }
    run("headers", shard, kinds, check)
    demand_rest(service, before)
