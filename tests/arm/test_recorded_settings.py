"""What the SDK and the server say to each other about settings, recorded and judged: the reference is never wrong, and
what an implementation does not keep is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arm.test_parity_of_controls import SCENARIOS
from arm.within import Straight
from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.target import read_target
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.server.application import Answer, answerer
from asr_properties.server.replies import Reply, Request
from asr_properties.server.slots import Vaults
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.traces.exchanges import Exchange
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from asr_properties.traces.translation import translate
from walks import begin
from wrong import machine_settings


class Recorded:
    """Answers as the server does, and keeps all but the control path as a recording."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.exchanges: list[Exchange] = []

    def __call__(self, request: Request) -> Reply:
        reply = self._answer(request)
        if not request.path.startswith("/control"):
            body = json.loads(request.body) if request.body else None
            headers = {name.lower(): value for name, value in reply.headers.items()}
            number, url = len(self.exchanges) + 1, f"{request.origin}{request.path}"
            answer = reply.body
            self.exchanges.append(Exchange(number, request.method, url, body, reply.status, headers, answer, None))
        return reply


def recording(item: type[ReplicatedItem], profile: str, number: int, how: str = "job_ends") -> list[Exchange]:
    """What is said in a walk, as far as the suite goes on."""

    def service() -> ReferenceService:
        return ReferenceService(item, Fixed({"update_of_settings": how}))

    recorded = Recorded(answerer(Vaults(service), "under test"))
    adapter = ArmAdapter(read_target("arm:http://127.0.0.1:1"), http=Straight(recorded))
    configuration, actions = SCENARIOS[profile][number]
    _walk(begin(adapter), dict(configuration), actions)
    return recorded.exchanges


def _walk(session: Session, configuration: dict[str, Any], actions: Any) -> None:
    session.begin(configuration)
    try:
        for action in actions:
            session.perform(action)
    except NonConformance:
        return


def verdicts(exchanges: list[Exchange]) -> list[TraceVerdict]:
    return judge(translate(exchanges, "a test"))


@pytest.mark.parametrize(
    ("number", "how"),
    [
        *((0, "at_once"), (1, "job_ends"), (2, "job_ends")),
        *(pytest.param(0, how, marks=pytest.mark.long) for how in ("job_begins", "job_ends")),
    ],
)
@pytest.mark.parametrize(("profile", "item"), [("modernized", ReplicatedItem), ("classic", ClassicItem)])
def test_the_reference_is_never_wrong(profile: str, item: type[ReplicatedItem], number: int, how: str) -> None:
    found = verdicts(recording(item, profile, number, how))
    assert found
    for verdict in found:
        assert verdict.conformance is not Conformance.NON_CONFORMANT, verdict.why
        assert "is broken" not in verdict.why
    if number == 0:
        assert {"R11", "R12", "R13"} <= found[0].exercised.keys()


@pytest.mark.parametrize(
    ("item", "number", "requirement"),
    [
        (machine_settings.SizeNotKept, 0, "R11"),
        (machine_settings.SubnetKeptTooLate, 0, "R12"),
        (machine_settings.RefusedNameKept, 0, "R11"),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_what_is_not_kept_is_told(item: type[ReplicatedItem], number: int, requirement: str) -> None:
    (verdict,) = verdicts(recording(item, "modernized", number))
    assert verdict.conformance is Conformance.INCOMPLETE
    assert f"{requirement} is broken" in verdict.why
