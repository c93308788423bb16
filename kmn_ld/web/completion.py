"""Lists the classes and properties that the editor of the query page offers, with their names."""

from collections.abc import Iterable
from typing import Any

from kmn_ld.describe import best_name
from kmn_ld.describe.names import labels_of_all
from kmn_ld.vocab import ONTOLOGY
from kmn_ld.web.live import Current


def terms(current: Current, language: str) -> dict[str, list[dict[str, Any]]]:
    """Return `classes` and `properties`: what the data use, and what the ontology defines.

    Each entry has `iri`, `label` (in a language where there is one, else empty) and `count`, the
    number of instances or statements. Ours come first, then what is used most.
    """
    usage = current.usage
    classes = {iri: used.in_data for iri, used in usage.classes.items() if used.in_data}
    properties = {iri: used.in_data for iri, used in usage.properties.items() if used.in_data}
    for module in current.vocabulary.modules:
        for term in module.terms:
            (classes if term.kind == "class" else properties).setdefault(term.iri, term.count)
    names = labels_of_all(current.engine, {*classes, *properties})

    def told(counts: dict[str, int]) -> Iterable[dict[str, Any]]:
        for iri in sorted(
            counts, key=lambda iri: (not iri.startswith(ONTOLOGY), -counts[iri], iri)
        ):
            name = best_name(names[iri], language)
            yield {"iri": iri, "label": name.value if name else "", "count": counts[iri]}

    return {"classes": list(told(classes)), "properties": list(told(properties))}
