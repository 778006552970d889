"""What is shown can be told from what it stands on (WCAG 2.2, 1.4.3 and 1.4.11): the console's colours, in light and dark."""

from __future__ import annotations

import re

import pytest

from services.console.rendering import HERE

CSS = (HERE / "static" / "console.css").read_text(encoding="utf-8")
TEXT, SHAPE = 4.5, 3.0
# Pairs that stand on each other: what is read, and what only has to be seen.
READ = [
    *[(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "sheet", "stripe")],
    *[(tone, f"{tone}-bg") for tone in ("good", "busy", "bad", "plain")],
    *[("bar-ink", "bar"), ("bar-soft", "bar"), ("on-press", "press")],
    *[(f"on-c{number}", f"c{number}") for number in (1, 2, 3, 4)],
]
SEEN = [("edge", "sheet"), ("edge", "paper"), ("focus", "sheet"), ("bar-edge", "bar")] + [
    (f"c{number}", "sheet") for number in (1, 2, 3, 4)
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def themes() -> dict[str, dict[str, str]]:
    light = tokens(CSS[: CSS.index("data-theme")])
    return {"light": light} | {
        f"dark {number}": light | tokens(block)
        for number, block in enumerate(re.findall(r"\[data-theme[^{]*\{([^}]*--ink[^}]*)\}", CSS))
    }


@pytest.mark.parametrize("theme", themes())
def test_what_is_read_and_what_is_seen_stands_out(theme: str) -> None:
    colours = themes()[theme]
    read = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in READ}
    seen = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in SEEN}
    assert {pair: ratio for pair, ratio in read.items() if ratio < TEXT} == {}
    assert {pair: ratio for pair, ratio in seen.items() if ratio < SHAPE} == {}


def test_the_dark_that_is_chosen_is_the_dark_that_is_the_readers_own() -> None:
    first, second = (colours for theme, colours in themes().items() if theme != "light")
    assert first == second
