"""Words to occupation groups (职业分类大典 M-SS): one versioned table of posts (岗位) and trades (行业)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from libs.common.codes import data


@dataclass(frozen=True)
class Group:
    """A group of occupations: its code `6-25`, Chinese and English name."""

    code: str
    name: str
    english: str


@cache
def groups() -> dict[str, Group]:
    return {code: Group(code, row["name"], row["en"]) for code, row in data.read("occupations")["groups"].items()}


def posts() -> dict[str, str]:
    """Post -> group, `叉车司机` -> `6-30`."""
    table: dict[str, str] = data.read("occupations")["posts"]
    return table


def industries() -> dict[str, str]:
    """Trade -> group, `电子` -> `6-25`."""
    table: dict[str, str] = data.read("occupations")["industries"]
    return table


def words_of_wishes() -> tuple[str, ...]:
    """What somebody may seek (意向工种): posts, then trades."""
    return (*posts(), *industries())


def trainings() -> tuple[str, ...]:
    """What is on offer to be learned (培训意愿)."""
    return tuple(data.read("occupations")["trainings"])


def general_group() -> str:
    """The group of general work, `9-99`."""
    return str(data.read("occupations")["general"])


@cache
def find_post(text: str) -> str | None:
    """The longest post named in a text (首饰普工 before 普工); of equal length the first."""
    named = [(-len(post), text.index(post), post) for post in posts() if post in text]
    return min(named)[2] if named else None


@cache
def find_industry(text: str) -> str | None:
    """The trade whose first two characters occur in a text: 电子厂 is 电子, 汽车厂 is 汽车零部件."""
    named = [(text.index(trade[:2]), trade) for trade in industries() if trade[:2] in text]
    return min(named)[1] if named else None


def occupation_group(text: str | None, *, default: str | None = None) -> str:
    """The group of a post or trade by its word; a word that the table does not know is general work."""
    known = text and (find_post(text) or find_industry(text))
    if not known:
        return default or general_group()
    return posts().get(known) or industries()[known]
