"""A counterexample has no step that is not needed, and no rule about such a step is to blame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from asr_model.profiles import lts, stepper
from asr_properties.contract.connection import Connection
from asr_properties.counterexamples.minimise import Minimiser
from asr_properties.evidence.actions import WRITE, Action, wait
from asr_properties.evidence.step import Step
from asr_properties.reference import ReferenceService
from asr_properties.reference.freedom import Fixed
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind
from walks import CANCEL_THE_JOB, COMMIT, FAIL_BACK, FAILED_OVER, HOUR, REPROTECT, begin, perform
from wrong import implementations as wrong

REVERTED = (*FAILED_OVER, *REPROTECT, *FAIL_BACK[:1], CANCEL_THE_JOB, wait(HOUR))


def test_what_is_seen_just_as_well_without_a_revert_is_not_blamed_on_it() -> None:
    """Nothing is received towards on-premises, be it after the service's own revert (R79) or before any (R94)."""
    never_sends_back = ReferenceService(wrong.NeverSendsBack, Fixed({"cancel_job": "accepted"}))
    with pytest.raises(NonConformance) as failure:
        perform(never_sends_back, (*REVERTED, WRITE, wait(HOUR)))
    assert failure.value.blamed[0] == "R79"
    minimal = Minimiser(begin(never_sends_back), lts("modernized")).minimise({}, failure.value)
    assert minimal is not None
    assert minimal.failure.blamed == ("R94",)
    assert "planned_failover" not in [action.name for action in minimal.actions]


class _Remembering(Session):
    """Remembers each walk, and whether it failed."""

    walks: ClassVar[list[list[Action]]] = []
    failed: ClassVar[set[int]] = set()

    def begin(self, configuration: Mapping[str, Any] | None = None) -> None:
        self.walks.append([])
        super().begin(configuration)

    def perform(self, action: Action) -> Step:
        self.walks[-1].append(action)
        try:
            return super().perform(action)
        except NonConformance:
            self.failed.add(len(self.walks) - 1)
            raise


def test_no_walk_that_passes_is_done_twice() -> None:
    """A failing walk with much that is not needed."""
    rules = PropertyMonitors(properties_of("modernized"), EvidenceKind.LIVE)
    session = _Remembering(Connection(ReferenceService(wrong.KeptPoints, Fixed())), stepper("modernized"), rules)
    detour = (WRITE, wait(HOUR), *FAIL_BACK[:1], wait(60), wait(60))
    session.begin()
    for action in (*detour, *FAILED_OVER, *detour, *COMMIT[:1]):
        session.perform(action)
    with pytest.raises(NonConformance) as failure:
        session.perform(COMMIT[1])
    minimal = Minimiser(session, lts("modernized")).minimise({}, failure.value)
    assert minimal is not None
    assert minimal.complete
    assert minimal.failure.blamed == ("R40",)
    passed = Counter(tuple(walk) for number, walk in enumerate(session.walks) if number not in session.failed)
    assert len(passed) > 20
    assert set(passed.values()) == {1}
