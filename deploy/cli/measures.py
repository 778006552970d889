"""What `bench register` and `bench connect` find out: each figure beside a yardstick of the same run, and how far it is to reach."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import psutil


@dataclass(frozen=True)
class Measure:
    """`ratio` is ours / yardstick; `most` or `least` is what is to be reached, None where nothing was promised."""

    name: str
    ours: float
    yardstick: float | None
    unit: str
    beside: str
    ratio: float | None = None
    most: float | None = None
    least: float | None = None

    @property
    def holds(self) -> bool | None:
        if self.ratio is None or (self.most is None and self.least is None):
            return None
        return self.ratio <= self.most if self.most is not None else self.ratio >= (self.least or 0.0)

    def in_words(self) -> str:
        """检索 name 9.1 ms · 5,000 people 8.0 ms · 1.14 (≤ 2) ✓"""
        beside = f" · {self.beside} {self.yardstick} {self.unit}" if self.yardstick is not None else f" · {self.beside}"
        reach = f" (≤ {self.most})" if self.most is not None else f" (≥ {self.least})" if self.least is not None else ""
        sign = {True: " 达标 ok", False: " 未达 not reached", None: ""}[self.holds]
        return f"{self.name}: {self.ours} {self.unit}{beside}" + (
            f" · {self.ratio}{reach}{sign}" if self.ratio is not None else ""
        )


def this_machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} processors, {psutil.virtual_memory().total / 2**30:.0f} GB"


def this_day() -> str:
    return datetime.now(UTC).date().isoformat()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """On what and when it was measured, and what came out."""

    machine: str = field(default_factory=this_machine)
    day: str = field(default_factory=this_day)
    measures: list[Measure] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything that was promised is reached."""
        return all(each.holds is not False for each in self.measures)

    @property
    def about(self) -> str:
        """What was measured, as people say it."""
        return ""

    def document(self) -> object:
        told = [asdict(each) | {"holds": each.holds} for each in self.measures]
        return asdict(self) | {"measures": told, "holds": self.holds}

    def in_words(self) -> str:
        head = f"{self.about} · {self.machine} · {self.day}"
        return "\n".join([head, *(each.in_words() for each in self.measures)])


@dataclass(frozen=True, kw_only=True)
class RegisterFigures(Figures):
    """A county's register and how large it is."""

    people: int
    rows: int
    refused: int
    file_mb: float
    database_mb: float

    @property
    def about(self) -> str:
        return f"{self.people:,} 人 people · {self.file_mb} MB 文件 file · {self.database_mb} MB 数据库 database"


@dataclass(frozen=True, kw_only=True)
class ConnectFigures(Figures):
    """The work between two governments: how many steps, events, adverts and posts there are."""

    hires: int
    events: int
    adverts: int
    vacancies: int

    @property
    def about(self) -> str:
        return f"{self.hires:,} 次录用 hires · {self.events:,} 个事件 events · {self.adverts:,} 条广告 adverts · {self.vacancies:,} 个岗位 vacancies"
