"""The tutorial works: its code is put together as it says, and its commands print what it shows, in its order."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from test_readme import find_in_order

TUTORIAL = (Path(__file__).resolve().parent.parent / "docs" / "tutorial.md").read_text(encoding="utf-8")


def test_the_tutorial_can_be_followed(tmp_path):
    blocks = re.findall(r"```(python|console)\n(.*?)```", TUTORIAL, re.DOTALL)
    assert [kind for kind, _ in blocks].count("console") == 5
    for kind, text in blocks:
        first, _, rest = text.partition("\n")
        if kind == "python":
            name, comma, _ = first.removeprefix("# ").partition(",")
            with (tmp_path / name).open("a" if comma else "w", encoding="utf-8") as file:
                file.write(f"\n{rest}")
            continue
        program, *arguments = shlex.split(first.removeprefix("$ "))
        assert program == "asr-conformance"
        done = subprocess.run(
            [sys.executable, "-m", "asr_properties.cli.main", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert "Traceback" not in done.stderr
        find_in_order(rest, done.stdout, first)
