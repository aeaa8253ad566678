"""The checks, in the order in which they are tried. Each gets an adapter that has just been started."""

from __future__ import annotations

from asr_properties.contract.methods import METHODS
from asr_properties.smoke import forgetting, manners, parameters, results, timing
from asr_properties.smoke.probe import Check

VITAL: tuple[Check, ...] = (manners.hello, results.answers("new_item"))
"""Without these no other can be tried."""

CHECKS: tuple[Check, ...] = (
    *VITAL,
    manners.another_protocol,
    manners.before_hello,
    manners.before_new_item,
    *(results.answers(method) for method in METHODS if method not in ("hello", "new_item", "bye")),
    manners.bye,
    manners.end_of_input,
    manners.unknown_method,
    manners.controls_not_offered,
    *(parameters.bad_parameters(method) for method in METHODS),
    parameters.new_item_without_configuration,
    parameters.bad_request_arguments,
    parameters.unknown_operation,
    parameters.unknown_job,
    parameters.unknown_fault,
    parameters.unknown_task,
    parameters.faults_twice,
    parameters.configuration_is_taken,
    results.offered_operations,
    results.refusal,
    results.fields,
    results.jobs_of_the_item,
    results.points_of_the_item,
    results.ids_are_new,
    timing.wait_for_a_job,
    timing.wait_ends_with_the_job,
    timing.looks_change_nothing,
    timing.units,
    forgetting.fresh_item,
    forgetting.forgets,
    forgetting.nothing_lasts,
    timing.deterministic,
)
