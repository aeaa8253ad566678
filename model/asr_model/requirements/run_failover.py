"""R15 to R34: the section "Run a failover to Azure" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import (
    CONFIGURATION,
    DATA,
    FAULT,
    INFORMATIVE,
    TIMING,
    TRACE,
    Grade,
    Requirement,
)

_r = partial(Requirement, section="Run a failover to Azure", evidence=Grade.DOCUMENTED)

RUN_FAILOVER = (
    _r("R15", TRACE, "A failover to Azure is started explicitly by the user, for one replicated item."),
    _r("R16", TRACE,
        "A failover goes to Latest, Latest processed, Latest app-consistent or Custom, as the user chooses.",
        ambiguities=("A20",),
        note="An option other than Latest that no listed point serves is refused, and the item stays as it was."),
    _r("R17", TRACE + DATA, "Latest first processes all data that the service has already received.",
        ambiguities=("A17",), note="Judged by the data; whether a recovery point is created for it is left free."),
    _r("R18", TRACE + DATA,
        "After a failover to Latest the Azure VM has all data that had been replicated when it was triggered.",
        ambiguities=("A17",), note="Judged by the data; whether a recovery point is created for it is left free."),
    _r("R19", TRACE, "Latest processed fails over to the newest recovery point that is already processed."),
    _r("R20", TRACE + TIMING, "Latest processed spends no time on data that is not yet processed.",
        note="Seen in a trace by no recovery point being added."),
    _r("R21", TRACE, "Latest app-consistent fails over to the newest processed app-consistent recovery point.",
        ambiguities=("A20",), takes_configuration="app_consistent_minutes",
        note="Without such a point the failover is refused, and the item stays as it was."),
    _r("R22", TRACE, "Custom fails over to the recovery point that the user names."),
    _r("R23", TRACE,
        "If the user asks for it, a shutdown of the source VM is attempted before the failover is triggered.",
        note="Judged by the order of the job's tasks, where they bear the service's names."),
    _r("R24", FAULT, "A failover goes on even if the shutdown of the source VM fails."),
    _r("R25", TRACE, "The progress of a failover can be followed as a job."),
    _r("R26", TIMING + CONFIGURATION, "In some cases a failover needs an additional step of about 8 to 10 minutes.",
        ambiguities=("A10",),
        note="About 8 to 10 minutes is said; no bound tighter than an order of magnitude is judged."),
    _r("R27", TIMING + CONFIGURATION, "VMware VMs that run Linux are a case of the additional step.",
        ambiguities=("A10",),
        note="About 8 to 10 minutes is said; no bound tighter than an order of magnitude is judged."),
    _r("R28", TIMING + CONFIGURATION,
        "VMware VMs on which the DHCP service is not enabled are a case of the additional step.",
        ambiguities=("A10",),
        note="About 8 to 10 minutes is said; no bound tighter than an order of magnitude is judged."),
    _r("R29", TIMING + CONFIGURATION,
        "VMware VMs that lack the boot drivers storvsc, vmbus, storflt, intelide and atapi are a case of it.",
        ambiguities=("A10",),
        note="Read as: any one of these drivers that is not started at boot is enough. About 8 to 10 minutes is said; "
             "no bound tighter than an order of magnitude is judged."),
    _r("R30", TIMING + CONFIGURATION, "In the same cases a test failover takes longer as well."),
    _r("R31", INFORMATIVE, "A failover in progress should not be cancelled.",
        ambiguities=("A1",), note="Advice to the operator; what happens if it is not followed is R33 and R34."),
    _r("R32", TRACE, "Replication of the VM is stopped before the failover starts."),
    _r("R33", FAULT, "Cancelling a failover in progress stops that failover.",
        ambiguities=("A1",), takes_cancelled_failover=True,
        note="Read as cancelling the running job; that the job refuses to be cancelled is allowed too."),
    _r("R34", FAULT + TRACE, "A VM whose failover was cancelled while in progress does not replicate again.",
        ambiguities=("A1",), takes_cancelled_failover=True,
        note="Read as: never again protected in this life; a later enable after disabling starts a new one."),
)  # fmt: skip
