"""The symbolic arguments of an action, and what they stand for when it is done."""

from __future__ import annotations

from typing import Any

from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.evidence.actions import NO_POINT, OPTION_WORDS, Action
from asr_properties.evidence.observation import COMMITTED
from asr_properties.evidence.unknown import known
from asr_properties.session.observer import Observer

UNKNOWN_POINT = "no-such-recovery-point"


def concrete(action: Action, observer: Observer) -> tuple[dict[str, Any], dict[str, str | bool]]:
    """The arguments to send; and the same by kind, as the model knows them.

    A recovery point that is not there becomes an unknown one.
    """
    sent: dict[str, Any] = {}
    kinds: dict[str, str | bool] = {}
    for name, value in action.arguments:
        sent[name] = kinds[name] = value
        if name != "recovery_point":
            continue
        if value in ("listed", "in_use", *NO_POINT):
            sent[name], kinds[name] = _point(str(value), action.pick, observer)
        elif value in OPTION_WORDS and value not in ARGUMENTS[Operation(action.name)][name]:
            kinds[name] = "unknown"  # where ids are taken only, a word names no point (contract 11)
    return sent, kinds


def _point(kind: str, pick: int, observer: Observer) -> tuple[str, str]:
    points, in_use = observer.points, observer.point_in_use
    if kind == "listed" and points:
        return points[pick % len(points)].id, "listed"
    is_listed = any(point.id == in_use for point in points)
    if kind == "in_use" and in_use is not None and (is_listed or known(observer.last.phase) == COMMITTED):
        return in_use, "in_use"
    gone = {"former": observer.former_points, "pruned": observer.pruned_points, "listed": observer.deleted_points}.get(
        kind
    )
    return gone[pick % len(gone)] if gone else UNKNOWN_POINT, "unknown"
