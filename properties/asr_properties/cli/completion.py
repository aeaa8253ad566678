"""What a shell completes: words of the lifecycle, ids of requirements, profiles."""

from __future__ import annotations


def words(incomplete: str) -> list[str]:
    """Words that `explain` knows and that begin so."""
    from asr_model import profiles
    from asr_properties.arm.service_words import service_words
    from asr_properties.cli.rule_texts import rule_texts
    from asr_reports.explain import known_words

    known = [word for profile in profiles.CHARTS for word in known_words(profiles.efsm(profile), rule_texts())]
    return [word for word in dict.fromkeys((*known, *service_words())) if word.startswith(incomplete)]


def ids(incomplete: str) -> list[tuple[str, str]]:
    """Requirements whose ids begin so, with their sentences; after a comma the next one."""
    from asr_model.requirements import CATALOGUE

    before, comma, last = incomplete.rpartition(",")
    found = [entry for entry in CATALOGUE.values() if entry.id.startswith(last)]
    return [(f"{before}{comma}{entry.id}", entry.sentence) for entry in found]


def profile_names(incomplete: str) -> list[str]:
    """Profiles whose names begin so."""
    from asr_model import profiles

    return [name for name in profiles.CHARTS if name.startswith(incomplete)]
