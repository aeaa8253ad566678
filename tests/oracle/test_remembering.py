"""What is looked up is what would have been worked out: the remembering oracle answers as the plain one does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr_model import profiles
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.observation import NOTHING_SEEN
from asr_properties.evidence.unknown import UNKNOWN
from asr_properties.oracle import remembering_oracle as remembering
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.oracle import Oracle
from asr_properties.oracle.remembering_oracle import RememberingOracle
from asr_properties.traces.events import ItemSeen, JobSeen, Requested
from asr_properties.traces.lookahead import Lookahead
from traces.test_walks import Recorder


def outcome(step: Any) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    try:
        step()
    except Disagreement as error:
        return error.what, tuple(sorted(error.allowed)), tuple(sorted(error.requirements))
    return None


def compare(seed: int, steps: int, profile: str, drop: int) -> None:
    """Both follow a walk, one event of which may be missing, so that something may disagree."""
    plain, quick = (
        Oracle(profiles.stepper(profile)),
        RememberingOracle(profiles.stepper(profile), profiles.lts(profile).states),
    )
    plain.start(profiles.lts(profile).states)
    lookahead = Lookahead()
    events = Recorder(seed, profile).walk(steps)
    del events[drop : drop + 1]
    for event in events:
        lookahead.read(event)
    for index, event in enumerate(events):
        plain.time_passes(None)
        quick.time_passes()
        match event:
            case Requested():
                asked = lookahead.in_model_words(event, index, None)
                cancels = event.operation is Operation.CANCEL_JOB
                cancelled = str(dict(event.arguments)["job"]) if cancels else None
                job = (event.job or f"job of {index}") if event.answer is Answer.ACCEPTED else None
                both = (
                    outcome(lambda a=asked, j=job, c=cancelled: plain.request(a, None, j, cancelled=c)),
                    outcome(lambda a=asked, j=job, c=cancelled: quick.request(a, j, c)),
                )
            case JobSeen():
                both = (
                    outcome(lambda e=event: plain.saw_job(e.job, e.state)),
                    outcome(lambda e=event: quick.saw_job(e.job, e.state)),
                )
            case ItemSeen():
                seen = NOTHING_SEEN.with_item(event.observation)._replace(current_job=UNKNOWN)
                holds = frozenset[str]() if event.observation.health == "normal" else None
                both = (
                    outcome(lambda s=seen, h=holds: plain.saw(s, h)),
                    outcome(lambda s=seen, h=holds: quick.saw(s, h)),
                )
        assert both[0] == both[1]
        assert dict(plain.belief) == quick.now.ways
        assert plain.taken == quick.taken
        assert plain.phase == quick.phase
        assert plain.list_is_free == quick.list_is_free
        if both[0] is not None:
            return


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 25), st.sampled_from(sorted(profiles.CHARTS)), st.integers(0, 40))
@pytest.mark.long
def test_both_oracles_answer_alike(seed: int, steps: int, profile: str, drop: int) -> None:
    compare(seed, steps, profile, drop)


@pytest.mark.long
def test_they_do_so_when_everything_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST_REMEMBERED", 50)
    for seed in range(15):
        compare(seed, 15, "modernized", 99)
