"""What a reprotect goes through: the appliance and the cache storage account that it names (contract, sites)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.configuration import DEFAULTS
from asr_properties.contract.surroundings import Appliance
from asr_properties.evidence.step import UNFIT_APPLIANCE, Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

UNKNOWN_IS_REFUSED = Relation(
    name="reprotect_knows_its_appliance_and_account",
    requirements=("R87",),
    says="a reprotect that names an appliance or a cache storage account that does not exist is refused",
    seen="{named}; {answer}",
    right="refused",
    needs=("sites",),
)
LISTED_IS_ACCEPTED = Relation(
    name="reprotect_goes_through_a_listed_appliance",
    requirements=("R87",),
    says="a reprotect through a listed appliance that is healthy and sees the datastore is accepted",
    seen="{named}, listed as healthy and seeing the datastore; {answer}",
    right="accepted, and a job that succeeds",
    needs=("sites",),
)
OTHER_HOST_WORKS = Relation(
    name="reprotect_works_through_an_appliance_on_another_host",
    requirements=("R90",),
    says="a reprotect through an appliance on another host that sees the datastore is accepted and succeeds",
    seen="{named}, on another host and seeing the datastore; {answer}",
    right="accepted, and a job that succeeds",
    needs=("sites",),
)
HEALTHY_WORKS_AGAIN = Relation(
    name="reprotect_works_after_an_unfit_appliance",
    requirements=("R87",),
    says="after a reprotect that failed for its appliance, one through a healthy appliance is accepted and succeeds",
    seen="{named}, with the other fit for it; {answer}",
    right="accepted, and a job that succeeds",
    needs=("sites",),
)
AS_CONFIGURED = Relation(
    name="configured_appliances_are_listed",
    requirements=("R87",),
    says="the appliances of the configuration are listed, each with what it sees and where it runs",
    seen="listed: {listed}",
    right="{wanted}",
    needs=("sites",),
)

PLAIN = DEFAULTS["appliances"]
"""What there is if the configuration says nothing of appliances; an implementation may call it otherwise."""

RELATIONS = (OTHER_HOST_WORKS, UNKNOWN_IS_REFUSED, HEALTHY_WORKS_AGAIN, LISTED_IS_ACCEPTED, AS_CONFIGURED)

_POSSIBLE = (*PHASE_SETS["after_failover"], *PHASE_SETS["after_failback"])


class Appliances(Monitor):
    """Compares what a reprotect names with how it is answered, at once and by its job."""

    # Where a reprotect was refused or accepted against the model, no state agrees; what it named tells more.
    needs_agreement = False

    def begin_item(self) -> None:
        self._asked: dict[str, Step] = {}
        self._failed_unfit = False
        self._is_checked = False

    def enter(self, step: Step) -> Iterator[Judgement]:
        yield from self._as_configured(step)
        if step.event == Operation.REPROTECT and step.through is not None and _is_possible(step):
            if step.response is Answer.REFUSED:
                yield from self._judged(step, "refused", done=False)
            elif step.job is not None:
                self._asked[step.job] = step._replace(now=step.now.in_brief, ended=())
        if step.faults - {UNFIT_APPLIANCE}:  # what must be refused must be so all the same
            self._asked = {job: asked for job, asked in self._asked.items() if "unknown" in (asked.through or ())}
        for ended in step.ended:
            asked = self._asked.pop(ended.id, None)
            if asked is not None and ended.job.state != "cancelled":
                state = ended.job.state
                yield from self._judged(asked, f"accepted, and its job {state}", done=state == "succeeded")

    def _as_configured(self, step: Step) -> Iterator[Judgement]:
        sites, wanted = known(step.now.sites), step.settings.get("appliances", PLAIN)
        if sites is None or wanted == PLAIN or self._is_checked or not step.settings.get("datastore_visible", True):
            return
        self._is_checked = True
        listed = {appliance.name: appliance for appliance in sites.appliances}
        holds = all(
            one["name"] in listed
            and listed[one["name"]].sees_datastore == one["sees_datastore"]
            and listed[one["name"]].same_host == one["same_host"]
            for one in wanted
        )
        yield AS_CONFIGURED.judged(holds, listed=sites.appliances, wanted=[Appliance(**one) for one in wanted])

    def _judged(self, step: Step, answer: str, *, done: bool) -> Iterator[Judgement]:
        """Judge a reprotect by whether it was done. One through an unfit appliance may be or not (contract, sites)."""
        kinds = step.through or frozenset()
        if "unknown" in kinds:
            yield UNKNOWN_IS_REFUSED.judged(not done, named=step.sent, answer=answer)
        elif kinds & {"blind", "unhealthy"}:
            self._failed_unfit = not done
        elif done or known(step.surroundings) == frozenset():
            if self._failed_unfit:
                yield HEALTHY_WORKS_AGAIN.judged(done, named=step.sent, answer=answer)
            if done or (not self._failed_unfit and _is_chosen(step)):
                rule = OTHER_HOST_WORKS if "elsewhere" in kinds else LISTED_IS_ACCEPTED
                yield rule.judged(done, named=step.sent, answer=answer)
            self._failed_unfit = False


def _is_chosen(step: Step) -> bool:
    """Whether it names another appliance than whoever does not look would take: then that is why it does not work. If
    not, a reprotect that does not work tells nothing of appliances."""
    listed: Sequence[Appliance] = step.was.sites.appliances if known(step.was.sites) else ()
    plain = next((one for one in listed if one.same_host and one.sees_datastore and one.healthy), None)
    named = step.sent.get("appliance")
    by_default = {one.name for one in (plain, *listed[:1]) if one is not None}
    return bool(by_default - {named})


def _is_possible(step: Step) -> bool:
    """Whether nothing but what it names can decide a reprotect: it is listed, and no job runs."""
    allowed = known(step.was.allowed)
    return step.agreed_before.phase in _POSSIBLE and (allowed is None or Operation.REPROTECT in allowed)
