"""What every template can use: texts, links, names in the reader's language."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, g, request, url_for

from kmn_ld.config import Settings
from kmn_ld.describe import Names, Property, Value, best_name, expand, sort_key
from kmn_ld.engine.terms import BlankNode, Iri, Literal
from kmn_ld.formats import BY_NAME
from kmn_ld.iris import quote_path
from kmn_ld.messages import LANGUAGES
from kmn_ld.web import addresses, languages, links, results, wording

_STATIC = Path(__file__).parent / "static"
_UNITS = ("B", "KiB", "MiB", "GiB")
_ALL_TOLD = frozenset((expand("skos:altLabel"),))


def register(app: Flask, settings: Settings) -> None:
    """Add functions, tests and values to the templates of an application."""
    app.jinja_env.globals.update(
        t=languages.text,
        reader=languages.current,
        href=links.href,
        short=links.short,
        brief=links.brief,
        permalink=links.permalink,
        direction=wording.direction,
        most_rows=results.ROWS_SHOWN,
        asset=asset,
        other_languages=other_languages,
        language_names=languages.NAMES,
        formats=BY_NAME,
        licence_page=links.licence_page,
        data_licence=links.DATA_LICENCE,
        ontology_licence=links.ONTOLOGY_LICENCE,
        settings=settings,
        address=lambda: addresses.of_site(settings.public_url),
        endpoint=lambda: addresses.of_endpoint(settings.public_url),
        page_formats=lambda: g.get("formats", ()),
    )
    app.jinja_env.filters.update(
        name=name,
        other_names=other_names,
        shown=shown,
        number=number,
        size=size,
        worded=wording.worded,
    )
    app.jinja_env.tests.update(
        iri=lambda term: isinstance(term, Iri),
        literal=lambda term: isinstance(term, Literal),
        blank=lambda term: isinstance(term, BlankNode),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_of_this_request)
    app.url_defaults(_keep_language)


def name(names: Names) -> Literal | None:
    """Return the name in the reader's language, or the next best."""
    return best_name(names, languages.current())


def other_names(names: Names) -> list[Literal]:
    """Return the names that `name` leaves out."""
    chosen = name(names)
    return [entry for entry in names if entry != chosen]


def shown(property_: Property) -> list[Value]:
    """Return the values that a page shows, in the order of a list for people.

    Own language first, then by text. What is said in the reader's language is left out in the
    languages of the other pages; other names of a thing are all told.
    """
    values, own = property_.values, languages.current()
    spoken = {value.term.language for value in values if isinstance(value.term, Literal)}
    if own in spoken and property_.iri not in _ALL_TOLD:
        others = {tag for tag in LANGUAGES if tag != own}
        values = tuple(
            value
            for value in values
            if not (isinstance(value.term, Literal) and value.term.language in others)
        )
    return sorted(values, key=_reader_order)


def _reader_order(value: Value) -> tuple[bool, str]:
    if isinstance(value.term, Literal):
        is_foreign = value.term.language not in ("", languages.current())
        return (is_foreign, value.term.value.casefold())
    return (
        False,
        sort_key(value.within, languages.current()) + sort_key(value.names, languages.current()),
    )


def number(value: int) -> str:
    """Return a whole number with its thousands apart, as the reader's language has it."""
    return wording.marked(f"{value:,}")


def size(value: int) -> str:
    """Return a number of bytes in words."""
    power = min(max((value.bit_length() - 1) // 10, 0), len(_UNITS) - 1)
    amount = value / 1024**power
    is_exact = amount.is_integer() or amount >= 10  # noqa: PLR2004
    text = f"{amount:,.0f}" if is_exact else f"{amount:,.1f}"
    return f"{wording.marked(text)}\u00a0{_UNITS[power]}"


def asset(file_name: str) -> str:
    """Return the path of a static file, with a part that changes when the file does."""
    return url_for("pages.static", name=file_name, v=_fingerprint(file_name), lang=None)


def other_languages() -> list[tuple[str, str]]:
    """Return (language, path of this page in it) of the languages that it is not in.

    A form that was sent is kept too, where an address can carry it.
    """
    arguments = request.args.to_dict(flat=False)
    sent = request.form.to_dict(flat=False) if request.method == "POST" else {}
    if len(_encoded(sent)) <= links.LONGEST_PERMALINK:
        arguments.update(sent)
    return [
        (tag, f"{quote_path(request.path)}?{_encoded({**arguments, 'lang': [tag]})}")
        for tag in LANGUAGES
        if tag != languages.current()
    ]


def _encoded(arguments: dict[str, list[str]]) -> str:
    return urlencode([(key, value) for key, values in arguments.items() for value in values])


def _of_this_request() -> dict[str, object]:
    return {"language": languages.current()}


def _keep_language(endpoint: str, values: dict[str, object]) -> None:
    """Let links keep the language that the reader has chosen."""
    if request and languages.asked_for() and endpoint != "pages.static":
        values.setdefault("lang", languages.asked_for())


@cache
def _fingerprint(file_name: str) -> str:
    return hashlib.sha256((_STATIC / file_name).read_bytes()).hexdigest()[:10]
