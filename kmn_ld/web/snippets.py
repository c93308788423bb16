"""Writes a query as a call from other tools; what the calls look like stands in the templates."""

import json
import shlex

from flask import render_template

from kmn_ld.engine.tokens import tokens

_TOOLS = {"curl": "curl", "python": "Python (SPARQLWrapper)", "r": "R", "javascript": "JavaScript"}
"""Template → name of the tool."""
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def snippets(query: str) -> tuple[tuple[str, str], ...]:
    """Return (name of a tool, code that asks this query) for each tool; needs a request."""
    text = query.replace("\r\n", "\n")
    form = next((word for kind, token, _ in tokens(text) if kind == "word"
                 and (word := token.upper()) in _FORMS), _FORMS[0])  # fmt: skip
    quoted = {
        "form": form,
        "for_shell": shlex.quote,
        "for_code": json.dumps,
        "argument": shlex.quote(f"query={text}"),
        "python_text": _python_text(text),
        "r_text": _r_text(text),
        "js_text": _js_text(text),
    }
    return tuple(
        (tool, render_template(f"sparql/{name}.txt", **quoted)) for name, tool in _TOOLS.items()
    )


def _python_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{escaped.rstrip()}\n"""'


def _js_text(text: str) -> str:
    """Return a template literal (ECMAScript 13.2.8) of the text."""
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"`{escaped.rstrip()}\n`"


def _r_text(text: str) -> str:
    """Return a raw string (R 4.0 and later) whose end does not stand in the text."""
    dashes = "--"
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}({text.rstrip()}){dashes}"'
