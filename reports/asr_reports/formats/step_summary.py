"""Markdown for the summary of a step of GitHub Actions (`>> "$GITHUB_STEP_SUMMARY"`).

Nothing in a text is taken for Markdown or HTML. A summary may have 1 MiB; what does not fit is left out, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asr_reports.judged_run import Colour, JudgedRequirement, JudgedRun, ShownCounterexample

LARGEST = 1_000_000
"""Bytes; GitHub drops a summary of more than 1 MiB."""

_MARKS = {"CONFORMANT": "✅", "NON_CONFORMANT": "❌"}
_OTHERWISE = "⚠️"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~<>&@:$^=-])")


def to_step_summary(run: JudgedRun) -> str:
    """The text, of at most `LARGEST` bytes."""
    kept: list[str] = []
    size = 0
    for part in _parts(run):
        size += len(part.encode()) + 1
        if size > LARGEST - 200:
            kept.append("\nThere is more; a summary has no room for it. `asr-conformance report` has all.")
            break
        kept.append(part)
    return "\n".join(kept) + "\n"


def _parts(run: JudgedRun) -> Iterator[str]:
    mark = _MARKS.get(run.verdict, _OTHERWISE)
    yield f"## {_OTHERWISE if run.is_success and run.verdict != 'CONFORMANT' else mark} {plain(run.headline)}\n"
    yield f"Seed {run.seed}, {run.steps} steps, {run.items} items, {run.seconds:.0f} s. {plain(run.covered.summary)}\n"
    if run.adapter_error:
        yield f"Adapter error: {plain(run.adapter_error)}\n"
    yield from (f"- {plain(note)}" for note in run.notes)
    failed = [one for one in run.requirements if one.outcome == "FAILED"]
    still_open = [one for one in run.requirements if one.is_open]
    told = {"NOT_APPLICABLE", "FAILED"}
    others = [o for o in run.requirements if o.colour is Colour.SKIPPED and not o.is_open and o.outcome not in told]
    for title, rows in (
        (f"{len(failed)} broken", failed),
        (f"{len(still_open)} that a conformant run must show, and this one did not", still_open),
    ):
        if rows:
            yield f"### {title}\n\n{_table(rows)}\n"
    for found in run.counterexamples:
        yield _counterexample(found)
    if others:
        yield f"<details><summary>{len(others)} not shown, which a run can do without</summary>\n\n{_table(others)}\n"
        yield "</details>\n"
    if run.command:
        yield f"Again: {code(run.command)}"


def _table(rows: list[JudgedRequirement]) -> str:
    head = "| id | verdict | section | requirement |\n|---|---|---|---|\n"
    lines = (f"| {one.id} | {plain(one.in_words)} | {plain(one.section)} | {plain(one.sentence)} |" for one in rows)
    return head + "\n".join(lines) + "\n"


def _counterexample(found: ShownCounterexample) -> str:
    lines = "\n".join(found.lines)
    fence = "`" * (max((len(run) for run in re.findall("`+", lines)), default=2) + 1)
    title = f"{', '.join(found.requirements)}: {len(found.steps)} steps"
    return f"<details><summary>{title}</summary>\n\n{fence}text\n{lines}\n{fence}\n\n</details>\n"


def plain(text: str) -> str:
    """A text on one line, of which nothing is taken for Markdown or HTML, and which links to nobody."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("www.", r"www\.")


def code(text: str) -> str:
    """A text as code on one line, whatever backticks it has."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence} {' '.join(text.split())} {fence}"
