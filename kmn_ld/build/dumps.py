"""Writes the dumps of a release from its content (domain model, section 4)."""

from pathlib import Path

from kmn_ld import releases
from kmn_ld.build.content import read_lines
from kmn_ld.build.sorting import write_merged
from kmn_ld.engine import convert, graph_of, without_graph
from kmn_ld.formats import DUMPS
from kmn_ld.sources import DUMPED
from kmn_ld.vocab import GRAPH


def write_dumps(folder: Path) -> None:
    """Write `dump/<name>.<format>` for each dump and format.

    `.nq` keeps the named graphs, the other formats merge them.
    """
    target = folder / releases.DUMPS
    target.mkdir()
    for name, graphs in DUMPED.items():
        quads, triples = target / f"{name}.nq", target / f"{name}.nt"
        wanted = {f"<{GRAPH}{graph}>" for graph in graphs}
        content = read_lines(folder / releases.CONTENT)
        write_merged([(quad for quad in content if graph_of(quad) in wanted)], quads)
        write_merged([(without_graph(quad)[0] for quad in read_lines(quads))], triples)
        for format_name in DUMPS:
            if format_name not in ("nq", "nt"):
                convert(triples, target / f"{name}.{format_name}", format_name)
