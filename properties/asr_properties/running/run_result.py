"""What a run found out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import cast

from asr_properties.contract.connection import AdapterError
from asr_properties.contract.methods import REQUESTABLE
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.counterexamples.flakiness import Flakiness
from asr_properties.generation.coverage import Coverable, Coverage
from asr_properties.running.accounting import Account
from asr_properties.running.requirement_verdicts import Overall, RequirementVerdict, overall


@dataclass
class RunResult:
    """What a run has found out so far; it stays valid when the run is interrupted.

    counterexamples: failing walks, flaky ones among them. flaky: walks that broke no rule, but were answered
    differently when they were done again. failures: how often a walk failed. first_failures: each requirement that
    failed, with the number of steps after which it first did. hello: what the adapter said of itself. adapter_error,
    stopped: why the run ended early, if it did. account: what it left.
    """

    profile: str
    seed: int
    budget: str
    engine: str
    adapter: str
    coverable: Coverable
    overall: Overall = Overall.INCOMPLETE
    verdicts: list[RequirementVerdict] = field(default_factory=list)
    counterexamples: list[Counterexample] = field(default_factory=list)
    flaky: list[Flakiness] = field(default_factory=list)
    failures: int = 0
    first_failures: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    items: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    account: Account = field(default_factory=Account)
    hello: dict[str, object] = field(default_factory=dict)
    adapter_error: AdapterError | None = None
    stopped: str = ""

    def overall_by(self, verdicts: Collection[RequirementVerdict]) -> Overall:
        """The verdict on the run, if these were the verdicts on requirements."""
        return overall(
            verdicts,
            left_something=not self.account.is_complete,
            interrupted=self.stopped == "interrupted",
            adapter_failed=self.adapter_error is not None,
        )

    @property
    def beyond_what_is_known(self) -> Overall:
        """The verdict on the run without the requirements that are known deviations, whether they failed or were not
        put to the test."""
        return self.overall_by([verdict for verdict in self.verdicts if not verdict.known])

    @property
    def operations(self) -> tuple[str, ...]:
        """Those that the adapter offers; none as long as it has not said so."""
        named = self.hello.get("operations", ())
        return tuple(REQUESTABLE if named is None else (str(name) for name in cast(Iterable[str], named)))
