"""The documentation as a site: what MkDocs calls while it builds. Pages outside `docs/` come in as they are; links lead
to what the site has, and what it doesn't have (source) is named without a link.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent

_ELSEWHERE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "reports/*.md", "reports/*.svg", "examples/**/README.md")
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def place(path: str) -> str | None:
    """Where the site has a file of the repository; None: it doesn't."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if not any(_matches(path, form) for form in _ELSEWHERE):
        return None
    return "in-full.md" if path == "README.md" else path if "/" in path else path.lower()


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that lie elsewhere."""
    for form in _ELSEWHERE:
        for path in sorted(ROOT.glob(form)):
            name = path.relative_to(ROOT).as_posix()
            target = place(name)
            assert target is not None
            _SOURCES[target] = name
            files.append(File.generated(config, target, abs_src_path=str(path)))
    return files


def on_post_page(output: str, **_: Any) -> str:
    """The page whose search has a name for who does not see it; the theme gives it none."""
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page with links that lead somewhere on the site."""
    here = page.file.src_uri
    source = _SOURCES.get(here, f"docs/{here}")

    def rewritten(link: re.Match[str]) -> str:
        target, anchor = link["target"], link["anchor"] or ""
        if "://" in target:
            return link[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if not (ROOT / path).exists():
            raise PluginError(f"{source} links to {target}, which is not there")
        there = place(path)
        if there is None:
            return str(link["text"])
        way = os.path.relpath(there, posixpath.dirname(here) or ".").replace(os.sep, "/")
        return f"{link['image']}[{link['text']}]({way}{anchor})"

    parts = re.split(r"(^```.*?^```$)", markdown, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else _LINK.sub(rewritten, part) for part in parts)


_SOURCES: dict[str, str] = {}


def _matches(path: str, form: str) -> bool:
    return any(found.relative_to(ROOT).as_posix() == path for found in ROOT.glob(form))
