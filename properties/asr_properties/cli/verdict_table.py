"""The table of verdicts that `run` prints: a section of the article that is all alike is one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.table import Table

from asr_model.requirements import CATALOGUE
from asr_properties.cli.console import plain
from asr_properties.running.requirement_verdicts import RequirementVerdict, Verdict

STYLES = {
    Verdict.PASSED: "green",
    Verdict.ASSUMED: "cyan",
    Verdict.FAILED: "bold red",
    Verdict.NOT_EXERCISED: "yellow",
    Verdict.NOT_OBSERVABLE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}
_FEWEST_OF_A_SECTION = 2


def verdict_table(verdicts: Sequence[RequirementVerdict], *, show_all: bool) -> Table:
    """A row for each requirement, or for a section whose requirements all have the same verdict but FAILED.

    show_all: a row for each in any case, also for those that do not apply.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("id", no_wrap=True)
    table.add_column("verdict")
    table.add_column("exercised", justify="right", no_wrap=True)
    table.add_column("requirement, or why there is no verdict")
    shown = [v for v in verdicts if show_all or v.outcome is not Verdict.NOT_APPLICABLE]
    for section, found in groupby(shown, lambda verdict: CATALOGUE[verdict.requirement].section):
        together = list(found)
        if not show_all and _are_alike(together):
            table.add_row(*_of_section(section, together))
        else:
            for row in _of_each(together):
                table.add_row(*row)
    return table


def _are_alike(verdicts: Sequence[RequirementVerdict]) -> bool:
    """Whether one row tells all. What was not exercised has reasons of its own, which say what to do."""
    first, *others = verdicts
    if len(verdicts) < _FEWEST_OF_A_SECTION or first.outcome in (Verdict.FAILED, Verdict.NOT_EXERCISED):
        return False
    return all(v.outcome is first.outcome and v.by_label_only is first.by_label_only for v in others)


def _of_section(section: str, verdicts: Sequence[RequirementVerdict]) -> tuple[str, str, str, str]:
    first, last = verdicts[0], verdicts[-1]
    least, most = (choose(v.exercised for v in verdicts) for choose in (min, max))
    times = str(least) if least == most else f"{least}-{most}"
    offers = list(dict.fromkeys(offer for v in verdicts for offer in v.offer))
    reasons = list(dict.fromkeys(v.reason for v in verdicts if first.outcome is not Verdict.PASSED))
    why = f"the adapter does not offer {', '.join(offers)}" if offers else "; ".join(reasons)
    text = f"{section}: {len(verdicts)} requirements" + (f" ({why})" if why else "")
    return f"{first.requirement}-{last.requirement}", _styled(first), times, plain(text)


def _of_each(verdicts: Sequence[RequirementVerdict]) -> Iterator[tuple[str, str, str, str]]:
    for verdict in verdicts:
        text = CATALOGUE[verdict.requirement].sentence
        if verdict.outcome not in (Verdict.PASSED, Verdict.FAILED) or verdict.reason.startswith("flaky"):
            text = f"({verdict.reason}) {text}"
        if verdict.is_known_failure:
            text = f"(known: {verdict.known}) {text}"
        yield verdict.requirement, _styled(verdict), str(verdict.exercised), plain(text)


def _styled(verdict: RequirementVerdict) -> str:
    return f"[{STYLES[verdict.outcome]}]{verdict}[/]"
