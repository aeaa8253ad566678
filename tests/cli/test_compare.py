"""`compare`: what shows less than the first record is a regression, and nothing else is."""

from __future__ import annotations

import json

import pytest

from reports.records import with_verdicts

OUTCOMES = ("PASSED", "FAILED", "NOT_EXERCISED", "NOT_OBSERVABLE", "ASSUMED", "NOT_APPLICABLE")
WORSE = {
    *(("PASSED", other) for other in ("FAILED", "NOT_EXERCISED", "NOT_OBSERVABLE", "ASSUMED")),
    *(("ASSUMED", other) for other in ("FAILED", "NOT_EXERCISED", "NOT_OBSERVABLE")),
    ("NOT_EXERCISED", "FAILED"),
    ("NOT_OBSERVABLE", "FAILED"),
}


def write(folder, name, outcome="PASSED", overall="CONFORMANT", **changes):
    data = with_verdicts("PASSED", overall)
    (verdict,) = (one for one in data["verdicts"] if one["requirement"] == "R40")
    verdict |= {"outcome": outcome, **changes}
    (folder / name).write_text(json.dumps(data))


def test_every_pair_of_verdicts(inside, tmp_path):
    for outcome in OUTCOMES:
        write(tmp_path, f"{outcome}.json", outcome)
    for before in OUTCOMES:
        others = [f"{outcome}.json" for outcome in OUTCOMES]
        done = inside("compare", f"{before}.json", *others, "--json", "-")
        (row,) = (one for one in json.loads(done.stdout)["requirements"] if one["requirement"] == "R40")
        assert row["outcomes"] == [before, *OUTCOMES]
        assert {(before, OUTCOMES[number - 2]) for number in row["worse"]} == {w for w in WORSE if w[0] == before}
        assert done.returncode == (1 if row["worse"] else 0)


def test_the_same_is_no_regression_and_a_fall_is_shown(inside, tmp_path):
    write(tmp_path, "a.json")
    write(tmp_path, "b.json", "FAILED", "NON_CONFORMANT")
    alike = inside("compare", "a.json", "a.json")
    assert alike.returncode == 0
    assert "116 of 116 requirements have the same verdict in all" in alike.stdout
    assert "no regression" in alike.stdout
    fallen = inside("compare", "a.json", "b.json")
    assert fallen.returncode == 1
    assert "R40  PASSED  FAILED worse  After commit" in fallen.stdout
    assert "R41" not in fallen.stdout
    assert "R41" in inside("compare", "a.json", "b.json", "--all").stdout
    assert inside("compare", "b.json", "a.json").returncode == 0


def test_a_pass_by_the_label_is_less_than_a_pass(inside, tmp_path):
    write(tmp_path, "a.json")
    write(tmp_path, "b.json", reason="by the label only")
    assert inside("compare", "a.json", "b.json").returncode == 1
    assert inside("compare", "b.json", "a.json").returncode == 0


def test_the_verdict_on_the_whole_counts_too(inside, tmp_path):
    write(tmp_path, "a.json")
    write(tmp_path, "b.json", overall="INCOMPLETE")
    done = inside("compare", "a.json", "b.json")
    assert done.returncode == 1
    assert "no longer conformant" in done.stdout


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("a.json",), "it takes two records"),
        (("a.json", "classic.json"), "different profiles: modernized, classic"),
        (("a.json", "unknown.json"), "profile"),
        (("a.json", "none.json"), "none.json: No such file"),
    ],
)
def test_what_cannot_be_compared_is_said(inside, tmp_path, names, told):
    write(tmp_path, "a.json")
    for profile in ("classic", "unknown"):
        data = with_verdicts("PASSED", "CONFORMANT", profile=profile)
        (tmp_path / f"{profile}.json").write_text(json.dumps(data))
    done = inside("compare", *names)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
