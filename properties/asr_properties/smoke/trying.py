"""Trying every check on an adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from asr_properties.adapters.stdio import NoReply
from asr_properties.contract.connection import AdapterError, Implementation
from asr_properties.contract.raised import raised
from asr_properties.contract.text import shown
from asr_properties.smoke.checks import CHECKS, VITAL
from asr_properties.smoke.probe import Advisable, Check, CheckOutcome, Finding, NothingToCheck, NotInOrder, Probe


def smoke(factory: Callable[[], Implementation], checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """Try the checks, each on an adapter started anew.

    What fails without a reply, or in what every other check needs, is told once: nothing else is tried after it.
    """
    patient = True
    for check in checks:
        finding, ended_by_itself = _try(check, factory, patient)
        patient = patient and ended_by_itself  # a program that does not is not waited for each time
        yield finding
        if finding.stops:
            return


def _try(check: Check, factory: Callable[[], Implementation], patient: bool) -> tuple[Finding, bool]:
    """What came of a check, and whether the program ended by itself after it."""
    name = (check.__doc__ or "").strip()
    try:
        probe = Probe(factory())
    except AdapterError as error:
        return _of_adapter_error(name, error, stops=True), True
    except (Exception, SystemExit) as error:
        got = raised(error)
        told = _failed(name, "the factory's call", "an adapter", got, "it takes no arguments", stops=True)
        return replace(told, raised=error), True
    finding, ended_by_itself = Finding(name, CheckOutcome.OK), True
    try:
        check(probe)
    except NothingToCheck as missing:
        finding = Finding(name, CheckOutcome.NOT_OFFERED, hint=str(missing))
    except Advisable as better:
        told = _failed(name, better.sent, better.expected, better.got, better.hint, stops=False)
        finding = replace(told, outcome=CheckOutcome.ADVICE)
    except NotInOrder as wrong:
        finding = _failed(name, wrong.sent, wrong.expected, wrong.got, wrong.hint, stops=check in VITAL)
    except AdapterError as error:
        finding = _of_adapter_error(name, error, stops=check in VITAL)
    finally:
        ended_by_itself = probe.close(patient=patient)
    return finding, ended_by_itself


def _of_adapter_error(name: str, error: AdapterError, *, stops: bool) -> Finding:
    said = f"; stderr: {' | '.join(error.stderr)}" if error.stderr else ""
    expected = f"an answer of the contract ({error.what})"
    stops = stops or isinstance(error, NoReply)
    got = error.got + said
    return Finding(name, CheckOutcome.FAILED, error.sent, expected, got, error.hint, stops, error.__cause__)


def _failed(name: str, sent: str, expected: str, got: str, hint: str, *, stops: bool) -> Finding:
    """Its texts are made fit to be shown: they may be the adapter's."""
    return Finding(name, CheckOutcome.FAILED, shown(sent), shown(expected), shown(got), hint, stops)
