"""Adverts as firms write them (招聘广告), sound and unsound ones and some that would hold up a careless pattern: how many are vetted a second."""

from __future__ import annotations

import time
from datetime import date
from random import Random

from libs.common.database import new_id
from services.jobs.rules.vacancies import Vacancy, stumbles_of

ON = date(2017, 6, 1)
TITLES = (
    "普工",
    "电子组装工",
    "叉车司机",
    "缝纫工",
    "保安",
    "家政服务员",
    "质检员",
    "仓库管理员（夜班）",
    "餐厅服务员",
    "焊工",
)
WELFARE = (
    "包吃住，五险一金，每月30日发工资",
    "提供工作餐、住宿，加班按劳动法计算，工龄奖每月50元，全勤奖100元，节日福利，生日礼金",
    "限男性，35岁以下，身高165cm以上",
    "入职交押金300元，离职退还",
    "欢迎残疾人、退役军人报名，提供无障碍宿舍",
    "乙肝携带者勿扰",
    "月休四天，两班倒，恒温车间，有空调和热水，免费体检，班车接送，夫妻房",
)
# What a pattern that goes back and forth would take long over.
ADVERSARIAL = ("不" * 400 + "限", "男女" * 300, "押" * 500 + "金", "（" * 300, "35岁以" * 150, "1" * 1000 + "元")


def adverts(count: int, seed: int) -> list[Vacancy]:
    """The same from the same seed; one in fifty is adversarial."""
    random, found = Random(seed), []
    for at in range(count):
        welfare = random.choice(ADVERSARIAL) if at % 50 == 0 else "，".join(random.sample(WELFARE, 2))
        found.append(
            _advert(random.choice(TITLES), welfare, random.choice((None, 16, 18)), random.randint(18, 60) * 100)
        )
    return found


def _advert(title: str, welfare: str, age_min: int | None, wage: int) -> Vacancy:
    return Vacancy(
        id=new_id(),
        city="440300",
        employer=None,
        employer_name="深圳市鬼宿汽车部件有限公司",
        title=title,
        welfare=welfare,
        age_min=age_min,
        wage=wage,
        openings=5,
        openings_left=5,
        starts_by=ON,
        listed_on=ON,
        fingerprint="",
    )


def vet_a_second(found: list[Vacancy]) -> tuple[float, int]:
    """Adverts a second of one core, and how many stumbled; of three rounds the middle one."""
    rounds, stumbled = [], 0
    for _ in range(3):
        begun = time.process_time()
        stumbled = sum(bool(stumbles_of(each, ON)) for each in found)
        rounds.append(len(found) / (time.process_time() - begun))
    return sorted(rounds)[1], stumbled
