"""DOT, SVG and Mermaid: complete, well formed, the same every time, and small enough for a screen."""

from __future__ import annotations

import re
import shutil
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from asr_model.efsm import Efsm
from asr_reports import svg
from asr_reports.dot import to_dot
from asr_reports.mermaid import STROKES, to_mermaid
from asr_reports.state_graph import Detail, Kind, StateGraph, state_graph

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"


@pytest.fixture(scope="session")
def picture(overview: StateGraph) -> ET.Element:
    return ET.fromstring(svg.render_svg(to_dot(overview)))


@pytest.fixture(scope="session")
def full_picture(full: StateGraph) -> ET.Element:
    return ET.fromstring(svg.render_svg(to_dot(full)))


def elements(root: ET.Element, kind: str) -> list[ET.Element]:
    """The groups of the drawing that have this class: node, edge, cluster."""
    return [g for g in root.iter(f"{SVG}g") if kind in g.get("class", "").split()]


def titles(root: ET.Element, kind: str) -> list[str]:
    return [g.findtext(f"{SVG}title", "") for g in elements(root, kind)]


def text(element: ET.Element) -> str:
    words = [" ".join(t.itertext()).replace("\xa0", " ").strip() for t in element.iter(f"{SVG}text")]
    return " ".join(words)


def tooltip(element: ET.Element) -> str:
    return next(a.get(f"{XLINK}title", "") for a in element.iter(f"{SVG}a"))


def test_every_phase_and_drill_state_is_drawn_once(efsm: Efsm, picture: ET.Element):
    drawn = Counter(titles(picture, "node"))
    assert len(efsm.phases) == 25
    assert all(drawn[name] == 1 for name in (*efsm.phases, *efsm.drills))


def test_the_groups_and_the_drill_are_clusters(picture: ET.Element):
    names = [text(cluster) for cluster in elements(picture, "cluster")]
    assert names == ["leaving", "towards Azure", "towards on-premises", "test failover, in parallel"]


def test_every_arrow_is_drawn_once_with_its_label_and_its_requirements(overview: StateGraph, picture: ET.Element):
    drawn = {g.get("id"): g for g in elements(picture, "edge")}
    assert len(drawn) == len(elements(picture, "edge"))
    for arrow in overview.arrows:
        found = drawn[f"{arrow.source}--{arrow.target}--{arrow.kind}"]
        said = text(found).replace("on-premises", "on premises").lower()
        assert all(event.replace("_", " ") in said for event in arrow.events)
        assert all(f"{identifier}: " in tooltip(found) for identifier in arrow.requirements)
    assert len(drawn) == len(overview.arrows) + len([fold for fold in overview.folds if fold.target])


def test_full_detail_shows_every_event(efsm: Efsm, full_picture: ET.Element):
    said = " ".join(re.sub(r"\s+", " ", text(g)) for kind in ("node", "edge") for g in elements(full_picture, kind))
    said = said.replace("on-premises", "on premises").lower()
    assert [t.event for t in efsm.transitions if t.event.replace("_", " ") not in said] == []


def test_arrows_point_at_the_target(picture: ET.Element):
    """An arrow that is written against the turn has its ends swapped and is drawn backwards; check one of each."""
    heads = {name: _head(picture, name) for name in ("failed_over--committing_failover--operation",
                                                     "reverse_protected--failing_back--operation")}  # fmt: skip
    assert abs(heads["failed_over--committing_failover--operation"] - _centre(picture, "committing_failover")) < 30
    assert abs(heads["reverse_protected--failing_back--operation"] - _centre(picture, "failing_back")) < 30


def _head(root: ET.Element, identifier: str) -> float:
    """The height of the arrow's tip."""
    (edge,) = [g for g in elements(root, "edge") if g.get("id") == identifier]
    polygon = next(edge.iter(f"{SVG}polygon")).get("points", "")
    return float(polygon.split()[1].split(",")[1])


def _centre(root: ET.Element, identifier: str) -> float:
    (node,) = [g for g in elements(root, "node") if g.get("id") == identifier]
    return float(next(node.iter(f"{SVG}text")).get("y", "nan"))


def test_nodes_tell_what_they_accept(picture: ET.Element):
    (node,) = [g for g in elements(picture, "node") if g.get("id") == "failed_over"]
    assert "accepts: change_recovery_point, commit, reprotect, disable_replication" in tooltip(node)


def test_what_is_left_out_is_said(picture: ET.Element):
    said = [element.text or "" for element in picture.iter(f"{SVG}text")]
    assert sum(s.startswith("Not drawn: ") for s in said) == 2
    assert "from every other steady phase" in said


def test_it_fits_a_screen(picture: ET.Element):
    _, _, width, height = map(float, picture.get("viewBox", "").split())
    assert 800 < width <= 1400
    assert 500 < height <= 900
    assert (picture.get("width"), picture.get("height")) == (f"{width:g}", f"{height:g}")


def test_a_screen_reader_is_told_what_it_is(picture: ET.Element):
    assert (picture.get("role"), picture.get("aria-label")) == ("group", "The modernized lifecycle")


def test_ids_are_unique(picture: ET.Element):
    ids = [element.get("id") for element in picture.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("detail", Detail)
def test_the_same_lifecycle_gives_the_same_drawing(efsm: Efsm, detail: Detail):
    first, second = state_graph(efsm, detail), state_graph(efsm, detail)
    assert first == second
    assert to_dot(first) == to_dot(second)
    assert to_mermaid(first) == to_mermaid(second)
    assert svg.render_svg(to_dot(first)) == svg.render_svg(to_dot(second))


# == Mermaid =========================================================================================================


@pytest.mark.parametrize("detail", Detail)
def test_mermaid_defines_each_node_once(efsm: Efsm, detail: Detail):
    lines = to_mermaid(state_graph(efsm, detail)).splitlines()
    defined = Counter(match[1] for line in lines if (match := re.match(r"\s*(\w+)[(\[]\"", line)))
    assert all(defined[name] == 1 for name in (*efsm.phases, *efsm.drills))
    assert set(defined.values()) == {1}


@pytest.mark.parametrize("detail", Detail)
def test_mermaid_has_every_edge_between_nodes_that_are_defined(efsm: Efsm, detail: Detail):
    graph = state_graph(efsm, detail)
    found = Counter(
        (match[1], match[2], match[3])
        for line in to_mermaid(graph).splitlines()
        if (match := re.fullmatch(r"\s*(\w+) (===|---|-\.-|==>|-->|-\.->) (\w+)", line))
    )
    ends = [(e.source, e.target, e.kind) for e in graph.arrows]
    ends += [(f"many_to_{f.target}", str(f.target), Kind.OPERATION) for f in graph.folds if f.target]
    expected = Counter()
    for source, target, kind in ends:
        label = f"{source}__{target}__{kind}"
        expected.update([(source, STROKES[kind][0], label), (label, STROKES[kind][1], target)])
    assert found == expected


def test_mermaid_is_well_formed(overview: StateGraph):
    first, *lines = to_mermaid(overview).splitlines()
    assert first == "flowchart TB"
    names = [line.split()[1].partition("[")[0] for line in lines if line.strip().startswith("subgraph ")]
    assert names == ["group_leaving", "group_towards_azure", "group_towards_on_premises", "group_drill"]
    assert sum(line.strip() == "end" for line in lines) == len(names)
    classes = {line.split()[1] for line in lines if line.strip().startswith("classDef ")}
    assert {line.rpartition(":::")[2] for line in lines if ":::" in line} <= classes


# == the program that draws ==========================================================================================


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty directory that is both the PATH and where scripts are."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(svg.sysconfig, "get_path", lambda name: str(tmp_path))
    return tmp_path


def test_a_missing_renderer_says_what_to_do(nothing_installed: Path, overview: StateGraph):
    with pytest.raises(svg.RendererMissing, match=r"pip install graphviz-pure.*Mermaid"):
        svg.render_svg(to_dot(overview))


@pytest.mark.skipif(sys.platform == "win32", reason="writes shell scripts")
@pytest.mark.parametrize("program", svg.PROGRAMS)
def test_each_program_is_found(nothing_installed: Path, program: str):
    _script(
        nothing_installed / program,
        'echo \'<?xml?><svg xmlns="http://www.w3.org/2000/svg" width="2pt" height="1pt"/>\'',
    )
    assert svg.find_renderer() == str(nothing_installed / program)
    root = ET.fromstring(svg.render_svg("digraph {}"))
    assert (root.get("width"), root.get("height")) == ("2", "1")


@pytest.mark.skipif(sys.platform == "win32", reason="writes shell scripts")
def test_what_the_program_writes_about_an_error_is_shown(nothing_installed: Path):
    _script(nothing_installed / "dot", "echo 'line 3 is wrong' >&2; exit 1")
    with pytest.raises(svg.RenderingFailed, match="status 1: line 3 is wrong"):
        svg.render_svg("digraph {}")


@pytest.mark.skipif(sys.platform == "win32", reason="writes shell scripts")
def test_a_program_that_hangs_is_given_up(nothing_installed: Path):
    sleep = shutil.which("sleep", path="/bin:/usr/bin")
    _script(nothing_installed / "dot", f"exec {sleep} 20")
    with pytest.raises(svg.RenderingFailed, match=r"within 0\.1 s"):
        svg.render_svg("digraph {}", timeout=0.1)


def test_dot_that_is_no_dot_fails():
    with pytest.raises(svg.RenderingFailed):
        svg.render_svg("this is not a graph")


def _script(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)
