"""Write every report that follows from the source alone: `make reports`. The tests hold them to what is checked in.

`make wrong`, `make soak` and `make exports` write the others, which are measured and take long.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import architecture_picture
from asr_model import profiles
from asr_properties.cli import control_page, protocol_page
from asr_properties.cli.rule_texts import judgings
from asr_properties.exports import json_document
from asr_properties.files import write_whole
from asr_properties.planning.plan_document import plan_schema
from asr_properties.running.stored_record import record_schema
from asr_properties.traces.stored_trace import trace_schema
from asr_reports import lifecycle_page, readings_page, requirement_matrix
from asr_reports.dot import to_dot
from asr_reports.state_graph import state_graph
from asr_reports.svg import render_svg

ROOT = Path(__file__).resolve().parent.parent


def _state_graph(profile: str) -> str:
    return render_svg(to_dot(state_graph(profiles.efsm(profile))))


def _requirements(profile: str) -> str:
    return requirement_matrix.to_markdown(profile, judgings(profile))


def _architecture() -> str:
    return render_svg(architecture_picture.to_dot(ROOT))


def _lifecycle() -> str:
    return lifecycle_page.to_markdown(profiles.stepper(profiles.DEFAULT))


def _schemas() -> str:
    return json.dumps(protocol_page.schemas(), indent=2) + "\n"


def _record_schema() -> str:
    return json.dumps(record_schema(), indent=2) + "\n"


def _plan_schema() -> str:
    return json.dumps(plan_schema(), indent=2) + "\n"


def _trace_schema() -> str:
    return json.dumps(trace_schema(), indent=2) + "\n"


REPORTS: Mapping[str, Callable[[], str]] = {
    **{f"reports/lifecycle-{profile}.svg": partial(_state_graph, profile) for profile in profiles.CHARTS},
    **{f"reports/requirements-{profile}.md": partial(_requirements, profile) for profile in profiles.CHARTS},
    "reports/architecture.svg": _architecture,
    "docs/readings.md": readings_page.to_markdown,
    "docs/lifecycle.md": _lifecycle,
    "docs/protocol.md": protocol_page.page,
    "docs/control-path.md": control_page.page,
    "docs/protocol.schema.json": _schemas,
    "docs/run-record.schema.json": _record_schema,
    "docs/plan.schema.json": _plan_schema,
    "docs/trace-record.schema.json": _trace_schema,
    "docs/efsm.schema.json": json_document.schema_text,
}
"""The file of each report, and what it must hold."""

MEASURED = (
    "reports/wrong-implementations.md",
    "reports/soak.md",
    "reports/exports.md",
    "reports/detection.md",
    "reports/detection.json",
    "reports/detection.svg",
)
"""The reports that `make wrong`, `make soak`, `make exports` and `make curves` write."""


def main() -> None:
    """Write all of `REPORTS`."""
    for path, text in REPORTS.items():
        write_whole(ROOT / path, text())
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
