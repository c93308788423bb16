"""Holds sources against their shapes in one way and prints what it took (a process of its own).

Arguments: way, folder of the sources, content of the release before. Ways: `bare` is pySHACL over
the whole, `changed` what a check of large data does after a change, `compiled` the same without a
release before. Time is that of all processors, for the validation alone: reading the files and
loading store or graph come before.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from pyshacl import validate
from rdflib import RDF, SH, Graph

from kmn_ld import sources
from kmn_ld.build.sorting import write_sorted
from kmn_ld.engine import TrustedStore, load_store
from kmn_ld.engine.parsing import in_graph
from kmn_ld.validation.findings import ordered
from kmn_ld.validation.reading import Reading, read
from kmn_ld.validation.shacl import graph_of
from kmn_ld.validation.shapes import Shapes
from kmn_ld.vocab import GRAPH

SHAPES = GRAPH + "shapes"
Result = tuple[str, ...]


def main(way: str, folder: Path, before: Path) -> None:
    """Validate, and print seconds, peak memory in MiB and what was found."""
    reading = read(list(sources.find(folder)), folder, lambda file: False)
    assert reading.findings == []
    if way == "bare":
        seconds, results = _bare(reading)
    else:
        seconds, results = _ours(reading, before if way == "changed" else None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "results": results}))  # noqa: T201


def _bare(reading: Reading) -> tuple[float, list[Result]]:
    """Validate all by pySHACL, and nothing else."""
    data, shapes = graph_of(_data(reading)), graph_of(reading.graphs[SHAPES])
    begin = time.process_time()
    _, report, _ = validate(data, shacl_graph=shapes, inplace=True)
    seconds = time.process_time() - begin
    assert isinstance(report, Graph)
    names = (SH.sourceShape, SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent)
    found = report.subjects(RDF.type, SH.ValidationResult)
    results = {tuple(str(report.value(one, name) or "") for name in names) for one in found}
    return seconds, sorted(results)


def _ours(reading: Reading, before: Path | None) -> tuple[float, list[Result]]:
    """Validate as a check of large data does."""
    with tempfile.TemporaryDirectory() as name:
        content, default = Path(name) / "content.nq", Path(name) / "default.nt"
        graphs = reading.graphs.items()
        write_sorted((in_graph(line, graph) for graph, lines in graphs for line in lines), content)
        write_sorted(_data(reading), default)
        store = load_store([(content, "nq"), (default, "nt")], Path(name) / "store")
        begin = time.process_time()
        found = ordered(Shapes(reading).check_large(TrustedStore(store), content, before))
        seconds = time.process_time() - begin
        del store
    return seconds, sorted({(f.rule, f.focus, f.result_path, f.value, f.component) for f in found})


def _data(reading: Reading) -> Iterable[str]:
    return chain(*(lines for graph, lines in reading.graphs.items() if graph != SHAPES))


main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
