"""The colours: each has its counterpart, lines can be seen, and who sees no red or green tells the same apart."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from asr_reports import palette
from asr_reports.palette import BEHIND, DARK, LINES, LIT, PAPER, QUIET, SERVING, WRONG, dark_rules, in_the_dark

DEFICIENCIES = {
    "none": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""How linear red, green and blue are seen: Machado, Oliveira, Fernandes 2009, severity 1.0."""


def linear(color: str) -> list[float]:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(color: str) -> float:
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True))


def contrast(first: str, second: str) -> float:
    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def lab(color: str, seen: tuple[tuple[float, ...], ...]) -> list[float]:
    rgb = [max(0.0, sum(a * b for a, b in zip(row, linear(color), strict=True))) for row in seen]
    weights = ((0.4124, 0.3576, 0.1805, 0.9505), (0.2126, 0.7152, 0.0722, 1.0), (0.0193, 0.1192, 0.9505, 1.089))
    x, y, z = (sum(a * b for a, b in zip(row, rgb, strict=False)) / row[3] for row in weights)
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


SCHEMES = {"light": str, "dark": in_the_dark}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_and_outlines_can_be_seen_on_every_ground(scheme: str):
    shown = SCHEMES[scheme]
    for line in (*LINES.values(), LIT, WRONG, QUIET):
        for ground in (PAPER, *BEHIND.values()):
            assert contrast(shown(line), shown(ground)) >= 3, (line, ground)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_which_site_serves_is_told_apart_by_everybody(scheme: str, deficiency: str):
    shown, seen = SCHEMES[scheme], DEFICIENCIES[deficiency]
    for first, second in combinations(SERVING.values(), 2):
        one, other = lab(shown(first), seen), lab(shown(second), seen)
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 10, (first, second)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_warmer_is_always_darker_on_white_and_brighter_in_the_dark(scheme: str):
    steps = [luminance(SCHEMES[scheme](color)) for color in palette.HEAT]
    assert steps == sorted(steps, reverse=scheme == "light")
    assert min(abs(a - b) for a, b in pairwise(steps)) > 0.005


def test_no_color_is_replaced_twice():
    assert not set(DARK) & set(DARK.values())
    assert len(set(DARK.values())) == len(DARK)
    assert in_the_dark(f'fill="{PAPER}" stroke="{QUIET}"') == f'fill="{DARK[PAPER]}" stroke="{DARK[QUIET]}"'
    assert dark_rules().count("{fill:") == len(DARK)
