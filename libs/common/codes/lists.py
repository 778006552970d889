"""Value lists of the national register (指标值): ethnic groups, kinship, schooling, ability to work, places of work."""

from __future__ import annotations

from functools import cache

from libs.common.codes import data


@cache
def ethnic_groups() -> tuple[str, ...]:
    """The 56 names of GB/T 3304 in its order, with 族."""
    return tuple(data.read("ethnic_groups")["names"].values())


@cache
def register_list(name: str) -> tuple[str, ...]:
    """One list of the register by its English name: sex, kinship, pupils, ability, health, work_place …"""
    return tuple(data.read("register")["lists"][name])


@cache
def education_steps() -> dict[str, int]:
    """文化程度 -> 0 none, 1 primary, 2 junior middle, 3 senior middle, 4 junior college, 5 university."""
    return {level["name"]: level["step"] for level in data.read("education")["levels"]}
