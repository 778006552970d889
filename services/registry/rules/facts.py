"""Facts that other services know a person by: steps of schooling, places of work, reserve groups."""

from __future__ import annotations

from datetime import date

from libs.common.codes.lists import education_steps
from services.registry.rules.identification import age_on

# 务工所在地 as codes of the register; out of work is None.
WORK_PLACES = {"乡(镇)内": "01", "乡(镇)外县内": "02", "县外省内": "03", "省外": "04"}
OTHER_PLACE = "99"
# Reserve group older_or_low_schooled: so many years or more, or primary schooling and less.
OLDER_FROM, LOW_SCHOOLED = 45, 1
FIGURE_OF_PLACE = {"01": "in_county", "02": "in_county", "03": "in_province", "04": "out_of_province"}
FIGURE_OF_CHANNEL = {"自主就业": "own_account", "帮扶就业": "assisted"}
FIGURES = (
    "households",
    "people",
    "labourers",
    "employed",
    "in_county",
    "in_province",
    "out_of_province",
    "elsewhere",
    "own_account",
    "assisted",
)


def work_place_code(word: str) -> str | None:
    """01 within the township, 02 within the county, 03 within the province, 04 beyond, 99 another word; None: not in work."""
    return WORK_PLACES.get(word, OTHER_PLACE) if word else None


def education_step(education: str) -> int:
    """0 none … 5 university; a word outside the list promises nothing and counts as 0."""
    return education_steps().get(education, 0)


def reserve_groups(
    *, birth: date, education: str, health: tuple[str, ...], disability: str, zero_employment: bool, on: date
) -> tuple[str, ...]:
    """The reserve groups of matching v1 that a person belongs to on a day, alphabetical."""
    groups = ["disabled"] if disability or "残疾" in health else []
    if education_steps().get(education, 5) <= LOW_SCHOOLED or age_on(birth, on) >= OLDER_FROM:
        groups.append("older_or_low_schooled")
    return (*groups, "zero_employment") if zero_employment else tuple(groups)
