"""A plan from beginning to end: candidates, choice, and the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from asr_model.profiles import lts as lts_of
from asr_properties.counterexamples.stored import StoredAction
from asr_properties.planning.choosing import Chosen, at_most, value
from asr_properties.planning.durations import Durations
from asr_properties.planning.left_out import coverable, left_out, open_requirements
from asr_properties.planning.plan_document import FORMAT, Plan, PlannedDuration, PlannedTest, PutToTheTest
from asr_properties.planning.planner import Planner
from asr_properties.planning.rehearsal import PAIR, REQUIREMENT, TRANSITION, Gain


def make_plan(
    *,
    profile: str,
    budget: float,
    machines: int,
    durations: Durations,
    command: str = "",
    progress: Callable[[float, str, int], None] = lambda part, what, count: None,
) -> Plan:
    """The plan of a profile. budget: minutes of each machine. command: what makes it again."""
    chosen = Planner(profile, durations, progress).plan(budget=budget, machines=machines)
    return document(chosen, profile, budget, machines, durations, command)


def document(chosen: Chosen, profile: str, budget: float, machines: int, durations: Durations, command: str) -> Plan:
    """The document that tells what was chosen."""
    lts, judgeable = lts_of(profile), open_requirements(profile)
    bound = at_most(chosen, budget * machines)
    return Plan(
        format=FORMAT,
        version=1,
        command=command,
        profile=profile,
        budget=budget,
        machines=machines,
        durations={
            str(name): PlannedDuration(minutes=one.minutes, source=one.source, known=one.is_known)
            for name, one in durations.items()
        },
        tests=[
            PlannedTest(
                number=number,
                machine=test.machine,
                begins=round(test.begins, 2),
                minutes=test.candidate.minutes,
                configuration={},
                steps=[StoredAction.model_validate(action.to_json()) for action in test.candidate.actions],
                first=_put_to_the_test(test.adds),
            )
            for number, test in enumerate(chosen.tests, 1)
        ],
        left_out=left_out(chosen, lts, judgeable),
        coverable=coverable(lts, judgeable.keys()),
        at_least=round(min(1.0, value(chosen.gains) / bound), 3) if bound else None,
    )


def _put_to_the_test(gains: Iterable[Gain]) -> PutToTheTest:
    ordered = sorted(gains)
    return PutToTheTest(
        transitions=[gain.where for gain in ordered if gain.sort == TRANSITION],
        pairs=[[gain.where, gain.what] for gain in ordered if gain.sort == PAIR],
        requirements=[gain.where for gain in ordered if gain.sort == REQUIREMENT],
    )
