"""Trying every check on an adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from asr_properties.contract.connection import AdapterError, Implementation
from asr_properties.smoke.checks import CHECKS, Check
from asr_properties.smoke.probe import Finding, NothingToCheck, NotInOrder, Outcome, Probe


def smoke(factory: Callable[[], Implementation], checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """Try the checks, each on an adapter started anew. If `hello` fails, nothing else is tried."""
    for check in checks:
        finding = _try(check, factory)
        yield finding
        if check is CHECKS[0] and finding.outcome is Outcome.FAILED:
            return


def _try(check: Check, factory: Callable[[], Implementation]) -> Finding:
    name = (check.__doc__ or "").strip()
    try:
        probe = Probe(factory())
    except AdapterError as error:
        return _of_adapter_error(name, error)
    except (Exception, SystemExit) as error:
        got = f"{type(error).__name__}: {error}"
        return Finding(name, Outcome.FAILED, "the factory's call", "an adapter", got, "it takes no arguments")
    try:
        check(probe)
    except NothingToCheck as missing:
        return Finding(name, Outcome.NOT_OFFERED, hint=str(missing))
    except NotInOrder as wrong:
        return Finding(name, Outcome.FAILED, wrong.sent, wrong.expected, wrong.got, wrong.hint)
    except AdapterError as error:
        return _of_adapter_error(name, error)
    finally:
        probe.close()
    return Finding(name, Outcome.OK)


def _of_adapter_error(name: str, error: AdapterError) -> Finding:
    said = f"; stderr: {' | '.join(error.stderr)}" if error.stderr else ""
    expected = f"an answer of the contract ({error.what})"
    return Finding(name, Outcome.FAILED, error.sent, expected, error.got + said, error.hint)
