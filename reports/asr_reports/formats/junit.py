"""JUnit XML: a test case for each requirement, and one for the run as a whole.

It fits `junit-10.xsd` of Jenkins' xUnit plugin, which GitLab, Azure Pipelines and GitHub's actions read too. A file has
a failure or an error exactly when the run is not conformant, and that is not all known: a known deviation is skipped.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from asr_reports.judged_run import Colour, JudgedRequirement, JudgedRun

RUN = "the run as a whole"
"""The test case for what no single requirement says: whether all was covered, and whether the adapter was in order."""


def to_junit(run: JudgedRun) -> str:
    """The document, which begins with its XML declaration."""
    cases = [_case(one, run) for one in run.requirements]
    whole = _whole(run)
    counts = {
        "tests": len(cases) + 1,
        "failures": sum(case.find("failure") is not None for case in (*cases, whole)),
        "errors": sum(case.find("error") is not None for case in (*cases, whole)),
        "skipped": sum(case.find("skipped") is not None for case in (*cases, whole)),
    }
    suite = ElementTree.Element("testsuite", {"name": f"asr-conformance.{run.profile}"})
    suite.attrib |= {name: str(count) for name, count in counts.items()}
    suite.attrib |= {"time": _seconds(run.seconds), "timestamp": run.started}
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _facts(run):
        ElementTree.SubElement(properties, "property", {"name": name, "value": value})
    suite.extend([whole, *cases])
    root = ElementTree.Element("testsuites", {"name": "asr-conformance", "time": _seconds(run.seconds)})
    root.attrib |= {name: str(count) for name, count in counts.items() if name != "skipped"}
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _facts(run: JudgedRun) -> list[tuple[str, str]]:
    facts = {"verdict": run.verdict, "implementation": run.implementation, "adapter": run.adapter}
    facts |= {"seed": str(run.seed), "budget": run.budget, "engine": run.engine, "steps": str(run.steps)}
    facts |= {"command": run.command, **run.program}
    return [*facts.items(), *(("note", note) for note in run.notes)]


def _whole(run: JudgedRun) -> ElementTree.Element:
    case = ElementTree.Element("testcase", {"name": RUN, "classname": f"asr-conformance.{run.profile}", "time": "0"})
    if run.adapter_error:
        ElementTree.SubElement(case, "error", {"type": run.verdict, "message": run.adapter_error})
    elif not run.is_success:
        failure = ElementTree.SubElement(case, "failure", {"type": run.verdict, "message": run.headline})
        failure.text = "\n".join((run.covered.summary, *run.notes))
    return case


def _case(one: JudgedRequirement, run: JudgedRun) -> ElementTree.Element:
    case = ElementTree.Element("testcase", {"classname": f"asr-conformance.{run.profile}.{one.section}", "time": "0"})
    case.set("name", f"{one.id} {one.sentence}")
    match one.colour:
        case Colour.FAILED:
            failure = ElementTree.SubElement(case, "failure", {"type": one.outcome, "message": one.in_words})
            found = [run.counterexamples[number - 1] for number in one.counterexamples]
            failure.text = "\n\n".join("\n".join(each.lines) for each in found)
        case Colour.SKIPPED:
            ElementTree.SubElement(case, "skipped", {"type": one.outcome, "message": one.in_words})
    out = [f"evidence: {one.evidence}", f"exercised: {one.exercised}", f"verdict: {one.in_words}"]
    if one.judged_by:
        out.append(f"judged by: {one.judged_by}")
    ElementTree.SubElement(case, "system-out").text = "\n".join(out)
    return case


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
