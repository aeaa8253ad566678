"""The traceability table of a profile as a Markdown page: every requirement, where it comes from, what judges it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asr_model.requirements import CATALOGUE
from asr_reports.rule_words import EVIDENCE, READINGS_PAGE, Judging, checks_in_words

NOT_JUDGEABLE = "not judgeable"

_HEAD = """\
# The requirements of the {profile} profile

Written by `make reports`. R01 to R94 paraphrase the article *Fail over VMware VMs - Modernized* (Azure Site Recovery
documentation, text dated 09/29/2023); X01 to X22 come from other sources.
`asr-conformance explain ID` tells everything about one of them, and about each property.

Of {total} requirements {judged} are judged; {rest} are not, with the reason. A number such as A6 is an open question:
the sources contradict each other or are silent, and [readings.md](../{readings}) tells which reading was chosen.

Evidence: {evidence}.

| id | requirement | section | evidence | can be checked | judged | by, or why not |
|---|---|---|---|---|---|---|
"""


def to_markdown(profile: str, judgings: Mapping[str, Judging]) -> str:
    """The page of one profile; `judgings` tells for every requirement of the catalogue how it is judged."""
    judged = sum(judging.kind != NOT_JUDGEABLE for judging in judgings.values())
    head = _HEAD.format(
        profile=profile,
        readings=READINGS_PAGE,
        total=len(judgings),
        judged=judged,
        rest=len(judgings) - judged,
        evidence="; ".join(EVIDENCE.values()),
    )
    return head + "\n".join(_rows(judgings)) + "\n"


def _rows(judgings: Mapping[str, Judging]) -> Iterator[str]:
    for entry in CATALOGUE.values():
        judging = judgings[entry.id]
        sentence = f"{entry.sentence} ({', '.join(entry.ambiguities)})" if entry.ambiguities else entry.sentence
        cells = (
            entry.id,
            sentence,
            entry.section,
            entry.evidence.value,
            checks_in_words(entry),
            judging.kind,
            judging.reason,
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
