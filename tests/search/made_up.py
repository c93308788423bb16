"""A few made-up things in several scripts, and an index over them."""

from kmn_ld.engine.terms import Literal
from kmn_ld.search import About, Choice, Contents, Document, Index, write_index
from kmn_ld.vocab import BASE

ACTIVE, ENDED, OTHER = "k7x2qf96", "kbcdf023", "k3m9tr31"


def a_thing(path, *names, kind="organisation", **more):
    others = tuple(Literal(name, tag) for name, tag in more.pop("others", ()))
    codes = (path.rpartition("/")[2], path, *more.pop("codes", ()))
    named = tuple(
        Literal(*name) if isinstance(name, tuple) else Literal(name, "de") for name in names
    )
    facets = {"type": (kind,), **more.pop("facets", {})}
    return Document(
        f"{BASE}id/{path}", kind, named, others=others, codes=codes, facets=facets, **more
    )


DOCUMENTS = (
    a_thing("network", "Musternetz", ("Sample network", "en"), kind="network"),
    a_thing("region/heide", "Regionalverbund Muster", kind="region"),
    a_thing("district/03101", "Kreis Göttern", kind="district", codes=("03101", "DE999")),
    a_thing(
        "org/k7x2qf96",
        "Jugendmigrationsdienst Göttern",
        ("مركز المشورة", "ar"),
        ("Göçmen Danışma Merkezi", "tr"),
        ("Центр консультации", "uk"),
        others=(("Haus der Beratung e. V.", "de"),),
        places=("01234 Göttern", "Kreis Göttern"),
        about=(About("kind", "Beratungsstelle", "de"), About("language", "Arabisch", "de")),
        facets={"district": ("03101",), "kind": ("centre",), "language": ("ar",)},
    ),
    a_thing(
        "org/kbcdf023",
        "Früheres Beratungshaus Göttern",
        places=("Göttern",),
        is_active=False,
        facets={"district": ("03101",), "kind": ("centre",)},
    ),
    a_thing(
        "org/k3m9tr31",
        "Kreisverband der Arbeiterwohlfahrt Waldeck",
        places=("09876 Waldeck",),
        facets={"kind": ("carrier",)},
    ),
    a_thing("concept/kind/centre", "Beratungsstelle", kind="concept"),
)
CHOICES = {
    "kind": (
        Choice("centre", f"{BASE}id/concept/kind/centre", (Literal("Beratungsstelle", "de"),)),
        Choice("carrier", f"{BASE}id/concept/kind/carrier", (Literal("Träger", "de"),)),
    ),
    "district": (Choice("03101", f"{BASE}id/district/03101", (Literal("Kreis Göttern", "de"),)),),
    "language": (Choice("ar", f"{BASE}id/concept/language/ar", (Literal("Arabisch", "de"),)),),
}
MOVED = {"kq2bx793": f"{BASE}id/org/k3m9tr31"}


def write(path, documents=DOCUMENTS):
    write_index(path, Contents(tuple(documents), CHOICES, MOVED))
    return Index(path)
