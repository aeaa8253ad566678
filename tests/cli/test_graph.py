"""`graph` as a user runs it: what is drawn of what, in which format, and what is refused with a hint."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from reports.records import failing


@pytest.fixture
def recorded(tmp_path):
    """A run record, and the counterexample in it as a file of its own."""
    data = failing()
    (tmp_path / "record.json").write_text(json.dumps(data))
    (tmp_path / "found.json").write_text(json.dumps(data["counterexamples"][0]))
    return tmp_path


def said(path):
    return {" ".join((text.text or "").split()) for text in ElementTree.parse(path).iter() if text.tag.endswith("text")}


def test_svg_png_mermaid_and_dot_by_the_ending_of_the_file(command, tmp_path):
    for name in ("whole.svg", "whole.png", "whole.mmd", "whole.dot"):
        assert command("graph", "-o", name).stdout == f"wrote {name}\n"
    assert {"failed over", "a user asks for it"} <= said(tmp_path / "whole.svg")
    assert (tmp_path / "whole.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "whole.mmd").read_text().startswith("flowchart TB")
    assert (tmp_path / "whole.dot").read_text().startswith("digraph lifecycle {")
    assert command("graph", "-o", "dark.png", "--dark").returncode == 0
    assert (tmp_path / "dark.png").read_bytes() != (tmp_path / "whole.png").read_bytes()


@pytest.mark.parametrize(
    ("options", "there", "not_there"),
    [
        (("--view", "to-azure"), "protected", "reverse protected"),
        (("--view", "to-on-premises"), "reverse protected", "protected"),
        (("--view", "drill"), "drill running", "protected"),
        (("--around", "failed_over"), "committing failover", "protected"),
        (("--around", "failed over", "--within", "3"), "protected", "not_replicated"),
        (("--around", "reverse_protected", "--profile", "classic"), "failing back", "failed over"),
    ],
)
def test_a_part_of_the_lifecycle(command, tmp_path, options, there, not_there):
    assert command("graph", *options, "-o", "part.svg").returncode == 0
    found = said(tmp_path / "part.svg")
    assert there in found
    assert not_there not in found


def test_a_run_shows_how_often_it_went_where(command, recorded):
    assert command("graph", "--highlight", "record.json", "-o", "heat.svg").returncode == 0
    assert {"never", "100 times or more"} <= said(recorded / "heat.svg")
    assert command("graph", "--highlight", ".", "-o", "again.svg").returncode == 0
    assert (recorded / "heat.svg").read_text() == (recorded / "again.svg").read_text()


def test_a_counterexample_as_way_path_and_sequence(command, recorded):
    for view in ("whole", "path", "sequence"):
        done = command("graph", "--view", view, "--highlight", "found.json", "-o", f"{view}.svg")
        assert done.returncode == 0, done.stderr
    assert "the walk went there" in said(recorded / "whole.svg")
    assert {"6. commit()", "failover committed"} <= said(recorded / "path.svg")
    assert {"6. commit()", "Operator", "Azure machine", "turned on"} <= said(recorded / "sequence.svg")
    assert command("graph", "--view", "sequence", "--highlight", "found.json", "--steps", "4-6", "-o", "some.svg")
    assert "1. enable_replication()" not in said(recorded / "some.svg")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--view", "path"), "--highlight FILE"),
        (("--view", "sequence", "--highlight", "record.json"), "--highlight FILE"),
        (("--around", "failedover"), "there is not_replicated, "),
        (("--around", "failed_over", "--view", "drill"), "give one of them"),
        (("--view", "path", "--highlight", "found.json", "--steps", "9-3"), "expected FROM-TO"),
        (("--view", "path", "--highlight", "found.json", "--steps", "8-9"), "there are 7 steps"),
        (("--highlight", "found.json", "--profile", "classic"), "of the modernized profile"),
        (("--highlight", "nothing.json"), "nothing.json"),
        (("--dark", "-o", "x.svg"), "light or dark"),
        (("-o", "lifecycle.bmp"), ".png"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_line_with_a_hint(command, recorded, options, hint):
    done = command("graph", *options)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert hint in done.stderr


def test_a_long_counterexample_is_refused_with_the_steps_to_ask_for(command, recorded):
    data = json.loads((recorded / "found.json").read_text())
    first, *others = data["steps"]
    (recorded / "long.json").write_text(json.dumps(data | {"steps": [first, *(others[1:2] * 70), *others]}))
    done = command("graph", "--view", "path", "--highlight", "long.json")
    assert done.returncode == 2
    assert "more than a picture can hold (60)" in done.stderr
    assert "--steps 1-60" in done.stderr
    assert command("graph", "--view", "path", "--highlight", "long.json", "--steps", "1-60").returncode == 0
