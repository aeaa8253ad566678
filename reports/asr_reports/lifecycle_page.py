"""The page that tells the lifecycle, phase by phase, written from its declaration."""

from __future__ import annotations

from asr_model.stepper import Stepper
from asr_model.vocabulary import Group
from asr_reports.explain import explain

_HEAD = """\
# The lifecycle explained

Written by `make reports`. A machine on-premises is replicated to Azure: *protected*. When its site is lost it is failed
over: a machine in Azure is made of a recovery point, and serves. Until the failover is committed another recovery point
can still be chosen. Then the machine is reprotected towards on-premises, and a planned failover takes it back: Azure's
machine is shut down, and what it wrote comes along. The failback can be cancelled, and reverts itself where it fails;
once it is committed the machine is reprotected towards Azure, and the circle is closed. Beside all this runs the drill,
a test failover that touches nothing.

![The state graph](../reports/lifecycle-modernized.svg)

Below, each phase of the modernized lifecycle, as `asr-conformance explain PHASE` tells it: what may be asked for, with
what must be so and the requirements that say so; what happens by itself; and what is refused, and why.
"""


def to_markdown(stepper: Stepper) -> str:
    """The page of a profile's lifecycle."""
    parts = [_HEAD]
    for group in Group:
        phases = [name for name, facts in stepper.efsm.phases.items() if facts.group is group]
        parts += [f"\n## {group.value.capitalize()}\n"] if phases else []
        parts += [f"\n### {phase}\n\n```text\n{explain(stepper, phase).rstrip()}\n```\n" for phase in phases]
    return "".join(parts)
