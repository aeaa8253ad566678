"""`check --items`: what is judged on several items, each seen to fail; what is truncated is no pass."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from asr_model.composition.coupling import MULTI_VM_GROUP
from asr_model.composition.explored import Bound, Engine
from asr_model.composition.of_lifecycle import composed_item
from asr_model.lts import enumerate_lts
from asr_model.profiles import CHARTS, efsm, lts
from asr_model.stepper import Stepper
from asr_properties.model_checking.several_items import Outcome, carried_over, explore_items, on_the_product
from asr_properties.specification.declared import properties_of
from properties.breaking import BREAKING

#: What each rule of the group needs: without it being joint, the rule is broken.
NEEDED = {
    "group_fails_over_together": ("commit", "reprotect"),
    "group_shares_crash_consistent_points": ("first_recovery_point_created",),
    "group_shares_app_consistent_points": ("app_consistent_point_created",),
}


def judged(graph, coupling, profile="modernized", engine=Engine.SYMBOLIC):
    item = composed_item(graph, coupling)
    explored = explore_items(item.component, 2, engine, Bound())
    return item, explored, on_the_product(item, explored, properties_of(profile))


@pytest.mark.parametrize("profile", CHARTS)
def test_a_group_keeps_what_it_must(profile):
    _, _, verdicts = judged(lts(profile), MULTI_VM_GROUP, profile)
    assert {v.name for v in verdicts} == {"no_dead_end", *(i.name for i in MULTI_VM_GROUP.never_together)}
    assert {v.outcome for v in verdicts} == {Outcome.HOLDS}


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("engine", [Engine.SYMMETRY, Engine.SYMBOLIC])
def test_a_rule_of_the_group_is_broken_where_items_go_their_own_way(name, engine):
    assert set(NEEDED) == {i.name for i in MULTI_VM_GROUP.never_together}
    item, _, verdicts = judged(lts(), MULTI_VM_GROUP.without(*NEEDED[name]), engine=engine)
    (broken,) = (v for v in verdicts if v.name == name)
    assert broken.outcome is Outcome.FAILS
    phases = {state.phase for state in item.states_of(broken.vector)}
    assert phases & {"protected", "failing_over"}


def test_a_dead_end_is_found():
    changed = efsm()
    ends = [t.id for t in changed.transitions if t.source == "not_replicated"]
    _, explored, verdicts = judged(enumerate_lts(Stepper(changed.without(*ends))), None)
    assert [v.outcome for v in verdicts] == [Outcome.FAILS]
    assert explored.deadlock == (0, 0)


def test_an_invariant_whose_sides_nobody_comes_into_is_vacuous():
    changed = efsm()
    starts = [t.id for t in changed.transitions if t.event == "fail_over"]
    _, _, verdicts = judged(enumerate_lts(Stepper(changed.without(*starts))), MULTI_VM_GROUP)
    assert {v.name: v.outcome for v in verdicts}["group_fails_over_together"] is Outcome.VACUOUS


@pytest.mark.parametrize("name", ["commit_ends_changing", "commit_deletes_other_points"])
def test_what_one_item_breaks_its_product_breaks(name):
    broken = enumerate_lts(Stepper(BREAKING["modernized"][name](efsm())))
    item, explored, _ = judged(broken, None)
    wrong = {v.judged.name for v in carried_over(item, explored, properties_of("modernized")) if not v.holds}
    assert name in wrong


def test_a_command_judges_and_tells(inside):
    done = inside("check", "--items", "3", "--group", "--json", "-")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["format"], document["version"]) == ("asr-conformance check items", 1)
    assert document["holds"]
    assert (document["items"], document["coupling"], document["deadlocks"]) == (3, "multi-VM group", 0)
    assert {one["outcome"] for one in [*document["product"], *document["one_item"]["properties"]]} == {"holds"}
    assert "is assumed" in done.stderr
    assert "all hold" in done.stderr


@pytest.mark.parametrize("bound", [("--max-states", "1000"), ("--memory", "0.001")])
def test_what_is_truncated_is_no_pass(inside, bound):
    done = inside("check", "--items", "3", "--engine", "explicit", *bound, "--json", "out.json")
    assert done.returncode == 4
    assert "TRUNCATED: " in done.stdout
    assert "no pass" in done.stdout
    assert "holds " not in done.stdout


def test_a_broken_group_is_shown_with_its_shortest_way(inside, monkeypatch):
    from asr_properties.cli import check_items

    without = MULTI_VM_GROUP.without("app_consistent_point_created")
    monkeypatch.setattr(check_items, "MULTI_VM_GROUP", without)
    done = inside("check", "--items", "2", "--group", "--json", "out.json")
    assert done.returncode == 1
    assert "FAILED: 1 of " in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.endswith("[protected, protected]")]
    assert "item" in lines[-1]
    assert "app_consistent_point_created" in lines[-1]
    assert any(" all: first_recovery_point_created" in line for line in lines)


@pytest.mark.parametrize(
    "options",
    [
        ("--group",),
        ("--engine", "explicit"),
        ("--items", "0"),
        ("--items", "2", "--load-bearing"),
        ("--items", "2", "--max-states", "5"),
        ("--items", "9", "--engine", "explicit"),
    ],
)
def test_what_it_cannot_do_is_told_in_one_line(inside, options):
    done = inside("check", *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("engine", "package"), [("symbolic", "oxidd"), ("explicit", "numpy")])
def test_a_missing_extra_is_told(engine, package):
    program = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = ['check', '--items', '2', '--engine', {engine!r}]"
        "\nfrom asr_properties.cli.main import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"several items need {package}: pip install 'asr-conformance[scaling]'" in done.stderr


def test_the_plain_check_imports_nothing_of_it():
    program = (
        "import sys; sys.argv[1:] = ['check', '-q'];\nfrom asr_properties.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\nprint(sorted({'numpy', 'oxidd'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_page_shows_what_is_printed(inside):
    page = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```console\n\$ asr-conformance (check --items 3 --group)\n(.*?)```", page, re.DOTALL)
    form = ".*".join(map(re.escape, re.sub(r"\s+", " ", shown[1]).strip().split("[...]")))
    assert re.fullmatch(form, re.sub(r"\s+", " ", inside(*shown[0].split()).stdout).strip())
