"""R35 to R42: the section "Connect to failed-over VM" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import DATA, INFORMATIVE, TRACE, Grade, Requirement
from asr_model.vocabulary import Operation

_r = partial(Requirement, section="Connect to failed-over VM", evidence=Grade.DOCUMENTED)

CONNECT_TO_VM = (
    _r("R35", INFORMATIVE,
        "The requirements for connecting should be verified before RDP or SSH to the Azure VM is used.",
        note="A task for the operator; connecting is outside what the API shows."),
    _r("R36", TRACE + DATA, "After a failover a VM exists in Azure, and it can be validated by connecting to it."),
    _r("R37", TRACE, "After a failover the user can still change to a different recovery point.",
        takes_operations=(Operation.CHANGE_RECOVERY_POINT,)),
    _r("R38", TRACE, "After commit the recovery point can no longer be changed.",
        takes_operations=(Operation.COMMIT, Operation.CHANGE_RECOVERY_POINT),
        says_more=True),
    _r("R39", TRACE, "Commit, which follows validation, makes the recovery point of the failed-over VM final."),
    _r("R40", TRACE, "After commit all other available recovery points are deleted.",
        ambiguities=("A6",), note="Read as: no recovery point except possibly the committed one is listed any more.",
        says_more=True),
    _r("R41", TRACE, "Commit completes the failover.",
        ambiguities=("A3",), note="Commit need not be asked for: reprotect from failed_over implies it (X06)."),
    _r("R42", INFORMATIVE, "Trouble with connectivity after a failover is treated in a troubleshooting guide.",
        note="Refers to another article; it asks nothing of an implementation."),
)  # fmt: skip
