"""Writes the metrics for operators (decision 11): all that there are, over all processes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from flask import Blueprint, Response, request
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

from kmn_ld.engine.spool import bytes_in_use
from kmn_ld.engine.tally import BOUNDS, Key
from kmn_ld.web import negotiation, responses
from kmn_ld.web.live import Live, live

bp = Blueprint("metrics", __name__)

PREFIX = "kmn_ld_"

_PLAIN, _OPENMETRICS = "text/plain", "application/openmetrics-text"
_write_openmetrics: Callable[[Collector], bytes] = openmetrics.generate_latest


@dataclass(frozen=True)
class Metric:
    """A metric: name without prefix and endings, kind, labels, what it means."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help: str


METRICS = (
    Metric("requests", "counter", ("kind", "status"), "Answers by kind of path and status class."),
    Metric("queries", "counter", ("form", "status"), "Queries from outside by form and status."),
    Metric("query_seconds", "histogram", ("form",), "How long these queries took."),
    Metric("refusals", "counter", ("limit",), "Requests refused or stopped, by the limit."),
    Metric("worker_kills", "counter", ("reason",), "Query workers that ended in a query."),
    Metric("workers_started", "counter", (), "Query workers that were started."),
    Metric("workers", "gauge", (), "Query workers that run."),
    Metric("cache_lookups", "counter", ("result",), "GET and HEAD found in the cache or not."),
    Metric("cache_bytes", "gauge", (), "Memory that kept answers take."),
    Metric("threads", "gauge", ("lane",), "Threads for each kind of request."),
    Metric("requests_in_hand", "gauge", ("lane",), "Requests that run in threads or wait."),
    Metric("spool_bytes", "gauge", (), "Disk that results take until they are sent."),
    Metric("release_age_seconds", "gauge", (), "Time since the release was built."),
    Metric("release", "info", ("id",), "The release that answers."),
)
"""All metrics; `docs/metrics.md` lists them."""

_FAMILIES: Mapping[str, Callable[..., CounterMetricFamily | GaugeMetricFamily]] = {
    "counter": CounterMetricFamily,
    "gauge": GaugeMetricFamily,
}


@bp.get("/metrics")
def show() -> Response:
    """Write all metrics as OpenMetrics or in the text format before it, as Accept says."""
    collected = _Collected(live())
    if _prefers_openmetrics(request.headers.get("Accept", "")):
        body, content_type = _write_openmetrics(collected), openmetrics.CONTENT_TYPE_LATEST
    else:
        body, content_type = generate_latest(collected), CONTENT_TYPE_PLAIN_0_0_4
    response = responses.raw(body, content_type, kept=responses.NOT_KEPT)
    response.headers["Vary"] = "Accept"
    return response


def _prefers_openmetrics(accept: str) -> bool:
    """Whether a client names OpenMetrics, and the older format with no more emphasis.

    Only media types and qualities count: each format is written in one version.
    """
    qualities = {_PLAIN: 0.0, _OPENMETRICS: 0.0}
    for media_type, *parameters in negotiation.split_elements(accept):
        name, quality = media_type.lower(), negotiation.quality_of(parameters)
        if name in qualities:
            qualities[name] = max(qualities[name], quality or 0.0)
    return qualities[_OPENMETRICS] > 0 and qualities[_OPENMETRICS] >= qualities[_PLAIN]


class _Collected(Collector):
    """The metrics as they are now."""

    def __init__(self, application: Live) -> None:
        self._totals = {**application.tally.totals(), **_looked_up(application)}
        self._release = application.current.key

    def collect(self) -> Iterator[Family]:
        """Yield each metric with its values."""
        for metric in METRICS:
            name = PREFIX + metric.name
            if metric.kind == "histogram":
                yield self._histogram(metric)
            elif metric.kind == "info":
                yield InfoMetricFamily(name, metric.help, value={"id": self._release})
            else:
                family = _FAMILIES[metric.kind](name, metric.help, labels=metric.labels)
                for labels, value in self._values(metric.name):
                    family.add_metric(labels, value)
                yield family

    def _histogram(self, metric: Metric) -> HistogramMetricFamily:
        family = HistogramMetricFamily(PREFIX + metric.name, metric.help, labels=metric.labels)
        counted = dict(self._values(f"{metric.name}_bucket"))
        for labels, seconds in self._values(f"{metric.name}_sum"):
            numbers = accumulate(counted.get((*labels, str(bound)), 0.0) for bound in BOUNDS)
            bounds = ("+Inf" if bound == BOUNDS[-1] else str(bound) for bound in BOUNDS)
            family.add_metric(labels, list(zip(bounds, numbers, strict=True)), seconds)
        return family

    def _values(self, name: str) -> Iterator[tuple[Key, float]]:
        """Yield labels and value of what has a name, in order."""
        for key, value in sorted(self._totals.items()):
            if key[0] == name:
                yield key[1:], value


def _looked_up(application: Live) -> Mapping[Key, float]:
    """Return what is looked up when somebody asks."""
    found: dict[Key, float] = {}
    if application.tally.folder is not None:
        found["spool_bytes",] = bytes_in_use(application.tally.folder)
    release = application.current.release
    if release is not None:
        age = datetime.now(UTC) - datetime.fromisoformat(release.manifest.built)
        found["release_age_seconds",] = age.total_seconds()
    return found
