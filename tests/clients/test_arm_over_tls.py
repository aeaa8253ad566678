"""A run over TLS gives the verdicts of a run in process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arm.test_parity import shown_by_all
from asr_properties.adapters.loading import embedded, load
from asr_properties.cli.servable import servable
from asr_properties.contract.connection import AdapterError
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from clients.serving import TOKEN, serving


def run(factory: Callable[[], Any]) -> Any:
    budget = Budget(steps=25)
    return Campaign(factory, profile="modernized", budget=budget, engine=Engine.TOUR, seed=5).run()


def test_a_run_over_tls_gives_the_verdicts_of_a_run_in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASR_CONTROL_TOKEN", TOKEN)
    with serving(tmp_path / "ca", "--speed", "0") as server:
        with pytest.raises(AdapterError) as untrusted:
            load(f"arm:{server.url}")().hello(protocol=1)
        assert "REQUESTS_CA_BUNDLE" in str(untrusted.value)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.trust["REQUESTS_CA_BUNDLE"])
        over_tls = run(load(f"arm:{server.url}"))
    in_process = run(servable(embedded("modernized")))
    assert over_tls.adapter_error is None
    assert shown_by_all(over_tls) == shown_by_all(in_process)
    assert len(shown_by_all(over_tls)) > 80
    assert over_tls.coverage == in_process.coverage
