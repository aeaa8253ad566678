"""Walks that try every input in every state: what they try, and that they leave off where nothing can be come to."""

from __future__ import annotations

import pytest

from asr_model.profiles import CHARTS, stepper
from asr_properties.contract.connection import Connection, started
from asr_properties.contract.errors import Refused
from asr_properties.generation.suite_walks import SuiteWalks, planned
from asr_properties.reference import create, create_classic
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind
from generation.resolved import ResolvedService
from wrong.implementations import kept_points

REFERENCES = {"modernized": create, "classic": create_classic}


def walked(factory, profile, most):
    """The walks on an implementation, done to their end or so many steps, and the session."""
    monitors = PropertyMonitors(properties_of(profile), EvidenceKind.LIVE)
    session = Session(Connection(started(factory)), stepper(profile), monitors)
    walks = SuiteWalks(session, profile)
    for _ in walks.walks():
        if session.performed > most:
            break
    return walks, session


@pytest.mark.long
@pytest.mark.parametrize(("profile", "declined"), [("modernized", 0), ("classic", 30)])
def test_all_is_tried_on_what_resolves_everything_as_the_machine_does(profile, declined):
    """In the classic profile this implementation goes otherwise in one step: a failback whose source cannot be shut
    down goes on, which nobody sees, where the machine lets it fail."""
    walks, session = walked(lambda: ResolvedService(profile), profile, 20_000)
    assert walks.left == 0
    assert walks.tried == sum(map(len, planned(profile).tries)) - declined
    assert session.performed < 15_000


@pytest.mark.parametrize("profile", CHARTS)
def test_the_reference_passes_and_what_it_declines_is_left(profile):
    walks, session = walked(REFERENCES[profile], profile, 1000)
    assert walks.tried > 300
    assert 0 < walks.left < sum(map(len, planned(profile).tries)) - walks.tried
    assert session.items > 7


def test_where_no_walk_can_go_on_it_ends():
    """Every walk fails at its first request; what is left is left."""

    class Odd(ResolvedService):
        def request(self, *, operation, arguments):
            raise Refused("always")

    session = Session(
        Connection(started(lambda: Odd("modernized"))),
        stepper("modernized"),
        PropertyMonitors(properties_of("modernized"), EvidenceKind.LIVE),
    )
    walks, failed = SuiteWalks(session, "modernized"), 0
    while True:
        try:
            for _ in walks.walks():
                assert session.performed < 1000
            break
        except NonConformance:
            failed += 1
    assert failed
    assert walks.left


def test_a_run_by_it_finds_what_is_wrong():
    run = Campaign(
        kept_points, profile="modernized", budget=Budget(steps=1500), engine=Engine.SUITE, repeats=False, until=bool
    ).run()
    assert "R40" in run.first_failures
