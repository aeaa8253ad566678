"""The colours of the pictures, each with its counterpart on a dark page.

They are close to the Okabe-Ito set, which colour-blind readers can tell apart, and nothing is told by colour alone:
arrows differ in line style too, and phases in outline and slant. Texts have a contrast of 4.5 or more to what lies
behind them, lines and outlines that mean something 3 or more (WCAG 2.2, AA); tests/browser measures it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from asr_model.vocabulary import Group, Site
from asr_reports.state_graph import Kind

PAPER: Final = "#ffffff"
INK: Final = "#1f2933"
QUIET: Final = "#4d5966"
LINE: Final = "#cfd6dd"
LIT: Final = "#a8005c"
"""What a walk went through."""
WRONG: Final = "#b3261e"
"""What the model does not allow."""
WRONG_BACK: Final = "#fde7e0"

SERVING: Final[Mapping[Site | None, str]] = {Site.ON_PREMISES: "#f6d27a", Site.AZURE: "#9fd0f2", None: "#dfe3e8"}
"""The fill of a steady phase: which site serves."""

BEHIND: Final[Mapping[Group | None, str]] = {
    Group.TOWARDS_AZURE: "#f3f9fd",
    Group.TOWARDS_ON_PREMISES: "#fdf9ee",
    Group.LEAVING: "#f6f7f9",
    None: "#f3f9f6",
}
"""The fill of a cluster; None is the drill."""

LINES: Final[Mapping[Kind, str]] = {Kind.OPERATION: "#0060a0", Kind.HAPPENING: "#6b7680", Kind.FAILURE: "#c04a00"}
TEXTS: Final[Mapping[Kind, str]] = {Kind.OPERATION: "#004a80", Kind.HAPPENING: "#4a5560", Kind.FAILURE: "#8a3400"}
"""The line and the text of an arrow."""

HEAT: Final = ("#fefefe", "#e2eff9", "#bcdcf2", "#8fc3ea", "#5ea9de")
"""The fill of what was gone through, never to very often."""

DARK: Final[Mapping[str, str]] = {
    PAPER: "#14191f",
    INK: "#e6ebf0",
    QUIET: "#aab5c0",
    LINE: "#3c4854",
    LIT: "#ff7fc0",
    WRONG: "#ff9d85",
    WRONG_BACK: "#451a10",
    SERVING[Site.ON_PREMISES]: "#5f4a09",
    SERVING[Site.AZURE]: "#124a73",
    SERVING[None]: "#39434d",
    BEHIND[Group.TOWARDS_AZURE]: "#161f28",
    BEHIND[Group.TOWARDS_ON_PREMISES]: "#201c13",
    BEHIND[Group.LEAVING]: "#1b2026",
    BEHIND[None]: "#15211c",
    LINES[Kind.OPERATION]: "#5cb0f5",
    LINES[Kind.HAPPENING]: "#929da8",
    LINES[Kind.FAILURE]: "#f08a45",
    TEXTS[Kind.OPERATION]: "#8cc8ff",
    TEXTS[Kind.HAPPENING]: "#b6c0ca",
    TEXTS[Kind.FAILURE]: "#ffb080",
    HEAT[0]: "#15191e",
    HEAT[1]: "#1b3346",
    HEAT[2]: "#1f4564",
    HEAT[3]: "#265780",
    HEAT[4]: "#2f689a",
}
"""For each colour the one that stands for it on a dark page; two roles never share a colour."""

_ANY = re.compile("|".join(map(re.escape, DARK)))


def in_the_dark(text: str) -> str:
    """A text with each colour of ours replaced by its counterpart."""
    return _ANY.sub(lambda found: DARK[found.group()], text)


def dark_rules() -> str:
    """Style rules for an SVG document whose elements have our colours as attributes, for readers with a dark page."""
    rules = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in DARK.items()
    )
    return f"@media (prefers-color-scheme:dark){{{rules}}}"
