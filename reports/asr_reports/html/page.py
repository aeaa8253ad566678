"""How a page is put together: templates with autoescape, its own style and script, and a policy that runs nothing else.

The style and the script stand in the page itself. Its Content-Security-Policy names their hashes: whatever a text could
smuggle in, a script, an event handler, a style, a picture from elsewhere, the browser neither runs nor loads it.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def _environment() -> Environment:
    loader = PackageLoader("asr_reports.html")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _own(name: str) -> str:
    """A file of our own that stands in the page."""
    return files("asr_reports.html").joinpath("static", name).read_text(encoding="utf-8")


def render(template: str, script: str, **values: Any) -> str:
    """The page of a template. script: the file of ours that drives it, after what all pages share."""
    code, style = _own("shared.js") + _own(script), _own("report.css")
    return (
        _environment()
        .get_template(template)
        .render(policy=_policy(code, style), script=Markup(code), style=Markup(style), **values)
    )


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
