"""Where the sources of the requirements contradict each other or are silent, and the reading that is judged.

The sources are the product article, other documentation, the SDK and recorded traffic (facts 8). Requirements name
these places by a number. Where a reading says that something is left open, an implementation may do either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Reading(NamedTuple):
    """What is not clear, and which reading is judged."""

    unclear: str
    judged: str


READINGS: Mapping[str, Reading] = {
    "A1": Reading(
        'A failover to Azure "can\'t be cancelled", and yet a cancelled one "will stop and never replicate again".',
        (
            "Two operations: `cancel_failover` is refused; `cancel_job` on the running job may be accepted, and then "
            "the item never replicates again until its replication is disabled and enabled anew."
        ),
    ),
    "A2": Reading(
        "Whether a failback must be committed.",
        "It need not be. A commit is final and ends the choice to cancel; a reprotect commits by itself.",
    ),
    "A3": Reading(
        "Whether a failover must be committed before the reprotect.",
        "It need not be: the reprotect then commits by itself.",
    ),
    "A4": Reading(
        "When a planned failover can be cancelled: while it runs, when it has finished, or when it has failed.",
        "When it has finished or failed. While it runs, either answer is allowed.",
    ),
    "A5": Reading(
        "Whether a planned failover makes a new recovery point, or uses one that is there.",
        "Nothing is lost with `crash_consistent`. With `app_consistent` an older point may be used.",
    ),
    "A6": Reading(
        "Whether a commit deletes all recovery points, or all but the one in use.",
        "At most the point in use is still listed.",
    ),
    "A7": Reading(
        "What a reprotect towards Azure needs; the article mixes it with the other direction.",
        "A datastore that can be seen is a condition of the reprotect towards on-premises only.",
    ),
    "A8": Reading("Whether a planned failover needs a reprotect before it.", "It does."),
    "A9": Reading("Whether a reprotect ever starts by itself.", "It never does; only the agent registers by itself."),
    "A10": Reading(
        "Which machines need the additional step of a failover.",
        (
            'Those with Linux, without DHCP, or without one of the drivers that start at boot. "About 8 to 10 '
            'minutes" is judged by its order of magnitude only.'
        ),
    ),
    "A11": Reading("Whether a drill cleans up by itself.", "Only a user ends a drill."),
    "A12": Reading(
        "Whether other operations are accepted while a drill awaits its cleanup.",
        "None is; `run --no-drills-exclude` leaves it open.",
    ),
    "A13": Reading(
        "What the last planned failover's status says after a cancel.",
        "It is not judged: what counts is that the item is protected, and replicates, as before.",
    ),
    "A14": Reading(
        "The article advises not to disable replication after a planned failover has failed; the service offers it.",
        "It is allowed, and the failback is lost.",
    ),
    "A15": Reading(
        'The machine in Azure "must always be on", and the planned failover shuts it down.',
        "It must be on up to the planned failover.",
    ),
    "A16": Reading(
        "Whether the service enforces the health that a planned failover asks for.",
        "It may refuse, or run, fail and revert.",
    ),
    "A17": Reading(
        "Whether the choice *latest* always makes a new recovery point.",
        "It need not; what counts is that all data that was received is there.",
    ),
    "A18": Reading("Which site is active after a reprotect.", "As recorded traffic shows it."),
    "A19": Reading(
        "How the states of a cancelled job and operation are spelled.", "A job is `Cancelled`, an operation `Canceled`."
    ),
    "A20": Reading(
        "What a failover does where no recovery point fits the choice.", "It is refused, and nothing changes."
    ),
    "A21": Reading(
        "Whether a planned failover needs a recovery point that is there already.",
        "One that is protected towards on-premises has what it needs.",
    ),
    "A22": Reading("How long recovery points are kept when nothing is configured.", "It is a parameter."),
    "A23": Reading(
        "When the machine in Azure is deleted on a failback.",
        "It is off from the failback on, and gone once the failback is committed.",
    ),
    "A24": Reading(
        "What a cancel of a planned failover restores.",
        (
            "The item as it was before: protected, Azure serving, its machine on. What was written on-premises "
            "meanwhile is lost."
        ),
    ),
    "A25": Reading(
        "What an item is after a failover to Azure has failed.",
        "It stays protected, or in a failed state from which the failover can be tried again.",
    ),
}
"""By number, in the order of the numbers."""
