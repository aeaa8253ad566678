"""Walks that Hypothesis draws as bytes; the actions are decoded from the bytes.

This is the fast way. One string of bytes for a whole walk costs Hypothesis next to nothing, while drawing rule by rule
costs it a quarter of a millisecond for each. The actions, the oracle and the properties are the same.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from asr_model.stepper import Stepper
from asr_properties.generation.action_choice import Chooser
from asr_properties.generation.hypothesis_guard import Guard
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session

BYTES_OF_A_WALK = 160


class _Spent(Exception):
    """No bytes are left."""


def chooser_of(data: bytes) -> Chooser:
    """A chooser that takes one byte for each choice. It raises `_Spent` when no byte is left."""
    rest = iter(data)

    def number(below: int) -> int:
        try:
            return next(rest) % below
        except StopIteration:
            raise _Spent from None

    return Chooser(number)


def walk(session: Session, stepper: Stepper, data: bytes, go_on: Callable[[], bool]) -> None:
    """Do one walk from a fresh item, decoded from `data`, while `go_on()`.

    Raises:
        NonConformance: the walk fails.
        AdapterError: the adapter is at fault.
    """
    chooser = chooser_of(data)
    try:
        session.begin(chooser.configuration())
        while go_on():
            session.perform(chooser.action(session, stepper))
    except _Spent:
        session.settle()


def random_walks(
    session: Session,
    stepper: Stepper,
    number: int,
    start: int,
    go_on: Callable[[], bool],
    failed: Callable[[NonConformance], None],
) -> None:
    """Do about `number` walks that Hypothesis draws with seed `start`. Failures are passed to `failed`, and not shrunk.

    Raises:
        AdapterError: the adapter is at fault.
    """
    guard = Guard(go_on, failed)

    @seed(start)
    @settings(
        max_examples=max(number, 1),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(st.binary(min_size=BYTES_OF_A_WALK, max_size=BYTES_OF_A_WALK))
    def run(data: bytes) -> None:
        guard.does(lambda: walk(session, stepper, data, go_on))

    with guard.around_hypothesis():
        run()
