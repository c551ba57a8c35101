"""The colours of both appearances: what is written can be read, what is used can be seen, and no sheet has colours of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parents[2] / "webapp" / "assets"
PALETTES = (ASSETS / "styles" / "_palettes.scss").read_text(encoding="utf-8")
TEXT, EDGE = 4.5, 3.0
GROUNDS = ("paper", "ground")
#: What is written or drawn in a colour, and what it may stand on.
READ = {
    **dict.fromkeys(("ink", "muted", "red", "red-dark", "green", "blue", "blue-dark", "amber-dark"), GROUNDS),
    "on": ("blue", "blue-dark", "green", "red", "red-dark"),
}
ON_PALE = {
    "ink": ("blue-pale", "amber-pale", "green-pale", "red-pale"),
    "muted": ("blue-pale",),
    "blue": ("blue-pale",),
    "blue-dark": ("blue-pale",),
    "green": ("green-pale",),
    "red-dark": ("red-pale", "blue-pale"),
    "amber-dark": ("amber-pale", "blue-pale"),
}
SEEN = {"line-strong": GROUNDS, "amber": GROUNDS, "navy": GROUNDS}
#: Where a colour may be written out: the lists themselves, what is the same in both, paper, and drawings that bring theirs along.
WITH_COLOURS = {"_palettes.scss", "_tokens.scss", "_printing.scss", "_cases.scss", "_certificates.scss", "_frame.scss"}


def palette(name):
    found = re.search(rf"\${name}: \((.*?)\);", PALETTES, re.DOTALL)
    return dict(re.findall(r'"([a-z-]+)": #([0-9a-f]{3,6}),', found[1]))


def luminance(colour):
    full = "".join(2 * each for each in colour) if len(colour) == 3 else colour
    parts = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Source: WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_every_colour_can_be_told_from_what_it_stands_on(appearance):
    colours = palette(appearance)

    faint = [
        f"{name} on {ground}: {contrast(colours[name], colours[ground]):.2f}"
        for pairs, least in ((READ, TEXT), (ON_PALE, TEXT), (SEEN, EDGE))
        for name, grounds in pairs.items()
        for ground in grounds
        if contrast(colours[name], colours[ground]) < least
    ]

    assert faint == []


def test_both_appearances_know_the_same_names():
    assert list(palette("light")) == list(palette("dark"))


def test_no_sheet_writes_a_colour_that_cannot_follow_the_appearance():
    written = [
        f"{sheet.name}: {line.strip()}"
        for sheet in ASSETS.rglob("*.scss")
        if sheet.name not in WITH_COLOURS
        for line in sheet.read_text(encoding="utf-8").splitlines()
        if re.search(r":[^/]*#[0-9a-fA-F]{3,8}\b", line)
    ]

    assert written == []


def test_no_page_uses_a_class_of_bootstrap_that_is_left_out():
    everything = (ASSETS.parents[1] / "node_modules" / "bootstrap" / "dist" / "css" / "bootstrap.css").read_text(encoding="utf-8")
    static = ASSETS.parent / "static"
    built = json.loads((static / "manifest.json").read_text(encoding="utf-8"))
    sheets = "".join((static / file).read_text(encoding="utf-8") for name, file in built.items() if name.endswith(".css"))
    left_out = set(re.findall(r"\.([a-z][\w-]*)", everything)) - set(re.findall(r"\.([a-z][\w-]*)", sheets))
    used = {
        (path.name, name)
        for path in (ASSETS.parent / "templates").rglob("*.html")
        for names in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.sub(r"\{[{%].*?[}%]\}", " ", names).split()
    }

    assert sorted((file, name) for file, name in used if name in left_out) == []
