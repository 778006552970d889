"""A console to try: an office with accounts, a browser-like client, figures, and other services that only pretend."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from deploy.local.accounts import lasting_accounts
from deploy.local.ports import free_ports
from libs.common.api.application import create_api
from libs.common.events.envelope import Envelope, Event, partition_of, topic_of
from libs.common.events.jobs import JobsIndicatorsStated
from libs.common.events.registry import RegistryIndicatorsStated
from libs.common.events.retention import RetentionIndicatorsStated
from libs.common.imports.answers import XLSX
from libs.common.inbox import Arrival
from libs.common.runtime import serving
from libs.common.service import ServiceContext
from services.console.app import SERVICE, welcome_accounts
from services.console.clients import Neighbours
from tests.support.eventually import eventually
from tests.support.nodes import Nodes

PERSON, VACANCY, INTRODUCTION, RUN = (str(UUID(int=number)) for number in (1, 2, 3, 4))
VILLAGES = "/registry/v1/villages.xlsx"
CARDS = f"/matching/v1/recommendations/vacancies/{VACANCY}/cards"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}

_FIGURES = {
    "433124": {
        "registry": dict(
            households=190,
            people=600,
            labourers=402,
            employed=181,
            in_county=41,
            in_province=38,
            out_of_province=96,
            elsewhere=6,
            own_account=118,
            assisted=63,
        ),
        "retention": dict(
            placed=63,
            in_work=58,
            wage_sum_fen=22_417_300,
            wage_count=58,
            services=17,
            trainings=9,
            subsidies=4,
            subsidies_fen=160_000,
        ),
    },
    "433126": {
        "registry": dict(
            households=96,
            people=300,
            labourers=203,
            employed=88,
            in_county=25,
            in_province=19,
            out_of_province=42,
            elsewhere=2,
            own_account=51,
            assisted=37,
        ),
        "retention": dict(
            placed=37,
            in_work=35,
            wage_sum_fen=12_980_000,
            wage_count=35,
            services=8,
            trainings=4,
            subsidies=2,
            subsidies_fen=80_000,
        ),
    },
    "440300": {"jobs": dict(employers=41, vacancies=101, openings=3031, openings_left=2978)},
    "430100": {"jobs": dict(employers=38, vacancies=96, openings=2874, openings_left=2840)},
    "370100": {"jobs": dict(employers=40, vacancies=99, openings=3420, openings_left=3407)},
}
_EVENTS = {"registry": RegistryIndicatorsStated, "retention": RetentionIndicatorsStated, "jobs": JobsIndicatorsStated}
_BACKLOG = {
    "unsent": 0,
    "oldest_seconds": 0.0,
    "parked": 1,
    "dead_letters": 1,
    "gaps": 0,
    "announced": 61,
    "handled": 40,
    "heads": [],
    "received": [
        {
            "source": "/n440300/jobs",
            "topic": "public.jobs.vacancy",
            "partition": 0,
            "sequence": 40,
            "events": 40,
            "received_at": "2017-04-01 08:00:00.1+00",
        }
    ],
    "parked_events": [
        {
            "source": "/n440300/jobs",
            "topic": "public.jobs.vacancy",
            "key": VACANCY,
            "type": "jobs.vacancy.announced.v1",
            "error": "ValueError: no",
            "time": "2017-04-01 08:00:00+00",
        }
    ],
    "letters": [
        {
            "id": 1,
            "origin": "n440300",
            "topic": "n440300__public.jobs.vacancy",
            "partition": 0,
            "offset": 41,
            "reason": "json",
            "detail": "there is no value",
            "found_at": "2017-04-01 08:00:00+00",
        }
    ],
}
_VACANCY = {
    "id": VACANCY,
    "vacancy": VACANCY,
    "title": "叉车司机",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "city": "440300",
    "district": "宝安区",
    "occupation": "6-30",
    "wage": 4500,
    "wage_max": 5200,
    "openings": 12,
    "openings_left": 9,
    "reserved": {"older_or_low_schooled": 2},
    "education_min": 2,
    "age_min": 18,
    "age_max": 45,
    "state": "vetted",
    "starts_by": "2017-05-01",
    "reasons": [{"code": "below_minimum_wage", "column": "薪资待遇", "law": "最低工资规定"}],
    "accommodations": ["sign_language"],
}
_INTRODUCTION = {
    "id": INTRODUCTION,
    "title": "叉车司机",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "wording": {"zh": "用人单位未录用", "en": "Not hired"},
    "county": "433124",
    "city": "440300",
    "vacancy": VACANCY,
    "state": "rejected",
    "reason": "lacking_skills",
    "run": RUN,
    "person": PERSON,
    "priority": 61,
    "seat": "open",
    "due": "2017-05-11",
    "changed_on": "2017-05-01",
    "steps": [
        {"on": "2017-04-20", "state": "held", "by": "run"},
        {"on": "2017-05-01", "state": "rejected", "reason": "lacking_skills", "by": "officer"},
    ],
}
_PROMISE = {
    "key": VACANCY,
    "city": "440300",
    "employer_uscc": "91440300XL0000066R",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "vacancy": VACANCY,
    "title": "叉车司机",
    "openings": 40,
    "offers": ["board", "insurance"],
    "unrecorded": ["board"],
    "hired": 30,
    "came": "<5",
    "paid": 20,
    "months": 60,
    "kept": 55,
    "kept_share": 0.9167,
    "insured": 40,
    "promised_fen": 400_000,
    "paid_fen": 420_000,
    "stated_on": "2017-09-01",
}
_RUN = {
    "run": RUN,
    "state": "settled",
    "pass": 1,
    "rounds": 4,
    "convener": "n430000",
    "participants": ["n433124", "n440300"],
    "counties": ["n433124"],
    "cities": ["n440300"],
    "deadline": "2017-04-30",
    "weights": "2017.1",
    "displaced_across": 5,
    "refused": 70,
    "displaced": 12,
    "placed": 160,
    "as_of": "2017-04-01",
    "seed": "0f" * 16,
    "hash": "ab" * 32,
    "waiting": [],
    "missing": [],
    "residue": 0,
    "channels": [{"kind": "cards", "from": "n433124", "to": "n440300", "sent": 210, "handled": 210, "bytes": 18_000}],
}
_IN_RUN = {
    "person": PERSON,
    "placed": False,
    "introduction": None,
    "state": None,
    "vacancy": VACANCY,
    "title": "叉车司机",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "city": "440300",
    "seat": None,
    "priority": None,
    "suitable": 7,
    "zh": "合适的岗位有 7 个，最想去的：该岗位需要 410 分, 本人 130 分",
    "en": "7 vacancies suit; of the one wished for most: the vacancy needed 410 points, the person has 130",
}
_FILLED = {
    "vacancy": VACANCY,
    "title": "叉车司机",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "openings": 5,
    "reserved": 1,
    "placed": 5,
    "placed_reserved": 1,
    "left": 0,
    "cutoff": 410,
}
_ALLOTTABLE = {
    "vacancy": VACANCY,
    "title": "叉车司机",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "openings": 5,
    "openings_left": 3,
    "reserved": {"disabled": 1},
}
_OUTCOME = {
    "key": VACANCY,
    "name": "深圳市鬼宿汽车部件有限公司",
    "uscc": "91440300XL0000066R",
    "introduced": 40,
    "hired": 31,
    "came": 28,
    "no_show": 2,
    "rescinded": 1,
    "cancelled": 3,
    "rejected": 6,
    "no_show_share": 0.0645,
}
_PERSON = {
    "id": PERSON,
    "name": "石**",
    "number": "433124************",
    "phone": "138********",
    "township": "花垣镇",
    "village": "卡子村",
    "sex": "1",
    "age_band": "30-34",
    "labourer": True,
    "employed": False,
    "willing": True,
    "reasons": ["in_school"],
    "household_phone": None,
    "education": "初中",
    "work_place": "04",
    "household": str(UUID(int=20)),
    "kinship": "户主",
    "wish": {"destinations": ["440300", "433124", "33"], "elsewhere": "province"},
    "visited": "2017-02-20",
    "as_of": "2017-04-01",
    "identification": [{"code": "age", "holds": False, "zh": "年龄不在 16–59 岁之间", "en": "age not within 16 to 59"}],
}
_TOWNSHIP = {
    "township": "花垣镇",
    "people": 34,
    "households": 9,
    "villages": [
        {"village": "浮桥村", "people": 34, "households": 9, "labourers": 20, "employed": 11, "completeness": 0.95}
    ],
}
_EXPLANATION = {
    "kind": "cutoff",
    "zh": "优先分 41 低于录取线 44。",
    "en": "Priority 41 is below the cutoff 44.",
    "weights": "2017.1",
    "priority": 41,
    "priority_parts": {"burden": 12},
    "utility": 80,
    "utility_parts": {"wage": 40},
    "lottery": 12345,
    "key": 99,
    "cutoffs": {"open": 120, "disabled": 9223372036854775807},
    "run": RUN,
    "qualifies_for": ["zero_employment"],
}
_WEIGHTS = {
    "node": "n430000",
    "version": "2018.1",
    "digest": "cd" * 32,
    "published_at": "2018-01-10T08:00:00Z",
    "published_by": "operator",
    "note": "零就业家庭加分",
    "before": "2017.1",
    "changes": [
        {"pointer": "/group_points/zero_employment", "from": 120, "to": 140},
        {"pointer": "/closeness/433126", "from": {"430100": 65}, "to": None},
    ],
}
_ACCOUNT = {
    "id": str(UUID(int=5)),
    "login": "shi.guilan",
    "role": "officer",
    "regions": ["433124"],
    "organisation": "",
    "issuer": "",
    "closed": False,
    "must_change": True,
    "second_factor": False,
    "created_at": "2026-05-04T08:00:00Z",
    "password_at": "2026-05-04T08:00:00Z",
}
_SYSTEM = {
    "id": str(UUID(int=8)),
    "client_id": f"urn:uuid:{UUID(int=8)}",
    "name": "花垣县人社信息系统",
    "organisation": "",
    "regions": ["433124"],
    "scopes": ["jobs.vacancy.list"],
    "version": 1,
    "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "hr"}]},
    "created_at": "2026-05-04T08:00:00Z",
    "closed_at": None,
}
_SESSION = {
    "id": str(UUID(int=6)),
    "begun_at": "2026-05-04T08:00:00Z",
    "seen_at": "2026-05-04T08:00:00Z",
    "passed": True,
    "address": "127.0.0.1",
    "agent": "a browser",
    "phone": False,
}
_CHANGE = {
    "id": str(UUID(int=7)),
    "login": "shi.guilan",
    "at": "2026-05-04T08:00:00Z",
    "by": "operator lu",
    "what": "rights changed",
    "facts": {"role": ["cadre", "officer"]},
}
_SAID = {
    "realistic": True,
    "utility": 702,
    "utility_parts": {"wage": 462, "occupation": 240, "relatives": 0},
    "priority": 440,
    "priority_parts": {"groups": 120, "occupation": 320},
    "zh": "上一轮录取线 385 分, 本人 440 分",
    "en": "the last run needed 385 points, the person has 440",
}
_BASIS = {
    "as_of": "2017-04-20",
    "weights": "2017.1",
    "run": RUN,
    "about": {"kind": "rule", "zh": "年龄超过岗位上限", "en": "older than the vacancy allows", "failed": ["age_max"]},
}
_SEEKER = {
    "person": PERSON,
    "township": "花垣镇",
    "age_band": "30-34",
    "education": 2,
    "occupation": "6-30",
    "groups": ["zero_employment"],
}
_CARD = {
    "pseudonym": "p5f0c1d2e3a4b5c6d",
    "county": "433126",
    "kind": "cutoff",
    "seat": None,
    "groups": ["zero_employment"],
    "priority": 440,
    "priority_parts": {"groups": 120, "agreement": 0, "rest": 320},
    "lottery": 4285659131800301,
    "needed": 585,
    "zh": "该岗位需要 585 分, 此卡 440 分",
    "en": "this place needed 585 points, this card had 440",
}
NO_CARDS = {
    "vacancy": VACANCY,
    "run": None,
    "pass": None,
    "state": None,
    "weights": None,
    "openings": 0,
    "withdrawn": False,
    "cards": 0,
    "seated": 0,
    "cutoffs": {},
    "items": [],
}
_SEATED = {
    **_CARD,
    "pseudonym": "p0a",
    "kind": "seated",
    "seat": "open",
    "priority": 602,
    "zh": "已录取: 录取线 585 分, 此卡 602 分",
    "en": "seated: the place needed 585 points, this card has 602",
}
_CARDS = {
    **NO_CARDS,
    "run": RUN,
    "pass": 2,
    "state": "settled",
    "weights": "2017.1",
    "openings": 12,
    "cards": 143,
    "seated": 12,
    "items": [_SEATED, _CARD],
}
_ACCESS = {
    "at": "2026-05-04T08:00:00Z",
    "who": "officer-1",
    "organisation": "",
    "role": "officer",
    "action": "registry.push",
    "purpose": "contact",
    "reference": "走访第 8 号",
    "fields": ["name"],
}
_REVEALS = {
    "id": str(UUID(int=8)),
    "state": "requested",
    "purpose": "contact",
    "reference": "走访第 8 号",
    "as_of": "2017-04-01",
    "people": 61,
    "requested_by": "officer-1",
    "requested_at": "2026-05-04T08:00:00Z",
    "approved_by": None,
    "approved_at": None,
    "expires_at": None,
    "collected_at": None,
    "version": 1,
}
_WRITTEN = {
    "id": str(UUID(int=18)),
    "at": "2026-05-04T08:00:00Z",
    "on": "2017-03-31",
    "who": "officer-1",
    "source": "file",
    "batch": str(UUID(int=19)),
    "row": 8,
    "field": "phone",
    "before": "154********",
    "after": "155********",
    "reason": None,
}
_HOUSEHOLD = {
    "id": str(UUID(int=20)),
    "township": "花垣镇",
    "village": "浮桥村",
    "burden": 20,
    "head": "龙**",
    "members": 2,
    "closed_on": None,
    "residents": [
        {"id": PERSON, "name": "龙**", "sex": "男", "age_band": "30-34", "kinship": "户主", "labourer": True}
    ],
    "findings": [{"code": "no_spouse", "person": PERSON, "zh": "没有配偶", "en": "No spouse"}],
}
_IMPORT = {
    "id": str(UUID(int=21)),
    "state": "done",
    "progress": {"rows": 8, "read": 8, "judged": 8, "stored": 8},
    "problem": None,
    "kind": "people",
    "filename": "people.xlsx",
    "as_of": "2017-03-31",
    "total_rows": 8,
    "accepted": 7,
    "refused": 1,
    "flagged": 0,
    "open_refused": 1,
    "open_questioned": 0,
    "repaired": 0,
    "repairs": None,
    "answers": None,
    "by": "officer-1",
    "at": "2026-05-04T08:00:00Z",
    "undone_at": None,
    "findings": {},
    "refused_rows": None,
}
_REFUSED = {
    "row": 8,
    "sheet": "",
    "values": {"村": "老寨村", "姓名": "石**", "证件号码": "433124************", "性别": "男"},
    "hidden": ["姓名", "证件号码"],
    "findings": [
        {"code": "id_lost_digits", "column": "证件号码", "refuses": True},
        {"code": "sex_id_mismatch", "column": "性别", "refuses": False},
    ],
}
_COLUMNS = [
    {"column": name, "options": options, "several": False, "kind": "text"}
    for name, options in (("村", []), ("姓名", []), ("证件号码", []), ("性别", ["男", "女"]))
]
_SPELL = {
    "id": str(UUID(int=11)),
    "introduction": INTRODUCTION,
    "person": PERSON,
    "county": "433124",
    "city": "440300",
    "vacancy": VACANCY,
    "employer_uscc": "91440300XL0000066R",
    "start": "2017-04-20",
    "wage_fen": 350_000,
    "assisted": True,
    "end": None,
    "reason": None,
    "previous": None,
    "wages": [{"month": "2017-05", "amount_fen": 352_500, "evidence": "wage_line"}],
}
_RISK = {
    "id": str(UUID(int=12)),
    "spell": _SPELL["id"],
    "introduction": INTRODUCTION,
    "vacancy": VACANCY,
    "reason": "order_shortfall",
    "on": "2017-06-01",
    "last_day": "2017-06-30",
    "deadline": "2017-06-03T08:00:00Z",
    "state": "open",
    "hours_left": 40,
    "answered_on": None,
    "rule": "48h-1",
}
_VERIFICATION = {
    "id": str(UUID(int=13)),
    "person": PERSON,
    "county": "433124",
    "city": "440300",
    "quarter": "2017Q2",
    "owner": "440300",
    "outcome": None,
    "grade": None,
    "answered_on": None,
}
_SERVICE = {"id": str(UUID(int=14)), "person": PERSON, "kind": "training", "hours": 40, "on": "2017-06-01"}
_CLAIM = {
    "id": str(UUID(int=15)),
    "person": PERSON,
    "introduction": INTRODUCTION,
    "policy": "transport",
    "period": "2017",
    "amount_fen": 40_000,
    "state": "open",
    "on": "2017-08-01",
}
_PAID = {
    "id": str(UUID(int=50)),
    "person": PERSON,
    "policy": "transport",
    "period": "2017",
    "region": "433124",
    "claim": _CLAIM["id"],
    "amount_fen": 60_000,
    "on": "2017-07-07",
    "paid_twice": True,
    "settled_as": None,
    "settled_by": None,
    "settled_on": None,
}
_EMPLOYER = {
    "id": str(UUID(int=16)),
    "uscc": "91440300XL0000066R",
    "name": "深圳南岭电子有限公司",
    "city": "440300",
    "state": "refused",
    "blacklisted": False,
}
_CHECK_LINE = {
    "id": str(UUID(int=41)),
    "check": str(UUID(int=40)),
    "introduction": INTRODUCTION,
    "vacancy": VACANCY,
    "hired_on": "2017-05-02",
    "answer": "合同已签",
    "reference": "合同 2017-118",
    "answered_on": "2017-10-09",
    "verdict": None,
    "why": "",
    "judged_on": None,
}
_CHECK = {
    "id": str(UUID(int=40)),
    "employer": str(UUID(int=16)),
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "employer_uscc": "91440300XL0000066R",
    "state": "judged",
    "owner": "city",
    "next": "conclude",
    "since": "2017-04-01",
    "until": "2017-09-30",
    "evidence": ["contract", "wage_line"],
    "due": "2017-10-20",
    "drawn": 1,
    "answered": 1,
    "kept": 0,
    "not_kept": 0,
    "no_answer": 0,
    "pool": 24,
    "pool_digest": "ab" * 32,
    "seed": "0f" * 16,
    "rule": "check-draw 1",
    "asked_on": "2017-10-01",
    "outcome": None,
    "consequence": None,
    "lines": [_CHECK_LINE],
}
_MISJUDGED = {
    "id": str(UUID(int=42)),
    "vacancy": VACANCY,
    "city": "440300",
    "on": "2017-04-20",
    "title": "男科医院护士",
    "shift": "",
    "welfare": "五险一金",
    "age_min": None,
    "wage": 4500,
    "stood": "refuse",
    "should": "pass",
    "codes": [],
    "why": "男科是科室名称",
    "state": "claimed",
    "by_firm": True,
    "marked_on": "2017-04-21",
    "decided_on": None,
    "decided_because": "",
    "found": ["discriminatory_sex"],
    "right_now": False,
}
_DESIGNATION = {
    "id": str(UUID(int=19)),
    "employer": str(UUID(int=16)),
    "employer_name": "深圳南岭电子有限公司",
    "employer_uscc": "91440300XL0000066R",
    "city": "440300",
    "kind": "designated",
    "since": "2017-04-01",
    "until": "2018-12-31",
    "by": "深圳市人力资源和社会保障局",
    "promised": 60,
    "counted": 12,
    "running": True,
    "ended_on": None,
    "ended_because": "",
    "version": 1,
}
_LEAD = {
    "id": str(UUID(int=20)),
    "city": "440300",
    "source": "chamber",
    "employer_name": "深圳南岭电子有限公司",
    "employer_uscc": None,
    "title": "叉车司机",
    "openings": 5,
    "wage": None,
    "district": "",
    "note": "商会月会上说五月要人",
    "heard_on": "2017-04-20",
    "noted_by": "officer",
    "state": "open",
    "vacancy": None,
    "closed_on": None,
    "closed_because": "",
    "version": 1,
}
_BOOTH = {
    "employer": _EMPLOYER["id"],
    "employer_uscc": _EMPLOYER["uscc"],
    "employer_name": _EMPLOYER["name"],
    "city": "440300",
    "vacancies": [],
    "posts": ["叉车司机"],
}
_HOSTED_FAIR: dict[str, Any] = {
    "id": str(UUID(int=60)),
    "city": "440300",
    "title": "湘粤劳务协作专场招聘会",
    "place": "440300",
    "venue": "宝安体育馆",
    "day": "2017-06-10",
    "state": "open",
    "closed_on": None,
    "closed_because": "",
    "entered_by": "officer",
    "booths": 1,
    "firms": [_BOOTH],
    "version": 2,
}
_FAIR: dict[str, Any] = {**_HOSTED_FAIR, "node": "n440300", "announced_on": "2017-06-01"}
_FAIR_VISITOR = {
    "person": PERSON,
    "township": "花垣镇",
    "signed_up_on": "2017-06-02",
    "came_on": "2017-06-10",
    "introduction": INTRODUCTION,
    "state": "agreed",
    "title": "叉车司机",
    "employer_name": _EMPLOYER["name"],
}
_SELF_SIGN_UP: dict[str, Any] = {
    "id": str(UUID(int=62)),
    "fair": _FAIR["id"],
    "name": "石**",
    "phone": "154********",
    "given_at": "2017-06-03T08:00:00Z",
    "forget_on": "2017-06-17",
    "state": "waiting",
    "person": None,
    "candidates": [_PERSON],
    "named": [PERSON],
}
_FAIR_RESULTS: dict[str, Any] = {
    "fair": _FAIR["id"],
    "title": _FAIR["title"],
    "day": _FAIR["day"],
    "by_firm": [{**_BOOTH, "signed": 12, "hired": 9, "started": 8}],
    "by_origin": [
        {"county": "433124", "township": "花垣镇", "signed_up": 40, "came": 31, "signed": 12, "hired": 9},
        {"county": "433126", "township": None, "signed_up": 20, "came": 11, "signed": 2, "hired": 1},
    ],
}
_EMPLOYER_CHANGE = {
    "id": str(UUID(int=18)),
    "at": "2017-04-02T08:00:00Z",
    "who": "officer-1",
    "source": "form",
    "field": "name",
    "before": "南岭电子",
    "after": "深圳南岭电子有限公司",
    "reason": "名称写错",
}
_GUEST = {"id": str(UUID(int=17)), "introduction": INTRODUCTION, "county": "433124", "vacancy": VACANCY, "name": "龙**"}
_LEAVER: dict[str, Any] = {
    "id": PERSON,
    "name": "石**",
    "sex": "男",
    "age_band": "16-19",
    "township": "花垣镇",
    "village": "老寨村",
    "education": "初中",
    "training": "电工",
    "plan": "training",
    "said_on": "2017-05-20",
    "noted_by": "cadre-1",
    "note": "想学电工",
    "willing": True,
    "leaver": True,
    "judged_on": "2017-03-31",
    "said": [{"plan": "training", "said_on": "2017-05-20", "note": "想学电工", "noted_by": "cadre-1"}],
}
_COURSE: dict[str, Any] = {
    "id": str(UUID(int=60)),
    "title": "电工订单班",
    "kind": "order_class",
    "state": "open",
    "city": "440300",
    "provider_name": "深圳南岭电子有限公司",
    "provider_uscc": "91440300MA5D8C1X2T",
    "licence": "",
    "places": 20,
    "places_left": 8,
    "apply_by": "2017-08-20",
    "starts_on": "2017-09-01",
    "ends_on": "2018-06-30",
    "occupation": "6-25",
    "age_min": 16,
    "age_max": 22,
    "education_min": 2,
    "demands": ["heights"],
    "certificate": "electrician",
    "fee": 0,
    "fee_note": "",
    "allowance": 600,
    "note": "包住",
    "vacancies": [VACANCY],
    "taken": 12,
    "waiting": 0,
    "applied": 3,
    "behind": 25,
    "short": False,
    "closed_on": None,
    "closed_because": "",
    "version": 1,
}
_STANDS: dict[str, Any] = {
    "id": str(UUID(int=61)),
    "course": _COURSE["id"],
    "age": 17,
    "education": 2,
    "restrictions": ["night"],
    "consent": "2017.1",
    "applied_on": "2017-06-01",
    "state": "admitted",
    "reason": None,
    "changed_on": "2017-06-10",
    "attended": 3,
    "certificate": None,
    "certificate_number": "",
    "certificate_level": "",
    "version": 3,
}
_ADMISSION = {**_STANDS, "county": "433124"}
_APPLICATION = {
    **_STANDS,
    "person": PERSON,
    "title": "电工订单班",
    "kind": "order_class",
    "city": "440300",
    "provider_name": "深圳南岭电子有限公司",
    "consent_on": "2017-06-01",
    "consented_by": "guardian",
    "recorded_by": "officer-1",
}
_CONFLICT = {
    "id": str(UUID(int=21)),
    "person": PERSON,
    "source": "self",
    "fields": [{"field": "phone", "mine": "154********", "theirs": "138********"}],
    "base": 1,
    "current": 1,
    "on": "2017-04-01",
    "said_by": PERSON,
    "at": "2017-04-01T08:00:00Z",
    "state": "open",
    "decided_by": None,
    "decided_at": None,
    "version": 1,
}
_HELP = {
    "id": str(UUID(int=22)),
    "person": PERSON,
    "county": "433124",
    "category": "wage_arrears",
    "state": "open",
    "by_person": True,
    "asked_on": "2017-08-01",
    "asked_at": "2017-08-01T08:00:00Z",
    "answered_at": None,
    "closed_at": None,
    "version": 1,
    "text": "七月的工资还没有发。",
    "asked_by": PERSON,
    "answer": None,
    "answered_by": None,
    "closed_by": None,
}
_ROUND = {
    "id": str(UUID(int=40)),
    "kind": "quarter",
    "period": "2017Q2",
    "starts": "2017-04-01",
    "ends": "2017-06-30",
    "day": "2017-04-01",
    "due": "2017-06-20",
    "state": "open",
    "opened_by": "officer",
    "opened_at": "2017-04-01T01:00:00Z",
    "version": 2,
}
_ROUND_FIGURES = {"listed": 4, "settled": 2, "late": 0, "open": 1, "left": 1, "completeness": 0.6667}
_LISTED = {
    "round": _ROUND["id"],
    "person": PERSON,
    "name": "龙**",
    "township": "花垣镇",
    "village": "老寨村",
    "kinship": "户主",
    "age_band": "30-34",
    "phone": None,
    "state": "open",
    "visited": None,
    "left_as": None,
    "reason": None,
}
_MONTH = {
    **_ROUND,
    "id": str(UUID(int=41)),
    "kind": "month",
    "period": "2017-05",
    "starts": "2017-05-01",
    "ends": "2017-05-31",
}
_PROGRESS: dict[str, Any] = {
    "round": _ROUND,
    "as_of": "2017-05-20",
    "overdue": 0,
    "total": _ROUND_FIGURES,
    "townships": [{"township": "花垣镇", "signed_by": None, **_ROUND_FIGURES}],
    "villages": [{"township": "花垣镇", "village": "老寨村", "cadres": ["cadre"], **_ROUND_FIGURES}],
    "cadres": [{"cadre": "cadre", "villages": 1, "settled_by": 2, **_ROUND_FIGURES}],
}
_ROUNDS: dict[str, Any] = {
    "/registry/v1/rounds": [_MONTH, _ROUND],
    f"/registry/v1/rounds/{_MONTH['id']}": _MONTH,
    f"/registry/v1/rounds/{_MONTH['id']}/progress": {**_PROGRESS, "round": _MONTH},
    f"/registry/v1/rounds/{_MONTH['id']}/signatures": {"signatures": []},
    f"/registry/v1/rounds/{_MONTH['id']}/differences": [],
    f"/registry/v1/rounds/{_MONTH['id']}/labourers": [{**_LISTED, "round": _MONTH["id"]}],
    f"/registry/v1/rounds/{_MONTH['id']}/labourers/{PERSON}/work": {},
    f"/registry/v1/rounds/{_ROUND['id']}": _ROUND,
    f"/registry/v1/rounds/{_ROUND['id']}/progress": _PROGRESS,
    f"/registry/v1/rounds/{_ROUND['id']}/signatures": {"signatures": []},
    f"/registry/v1/rounds/{_ROUND['id']}/labourers": [_LISTED],
    f"/registry/v1/rounds/{_ROUND['id']}/differences": [{**_LISTED, "differs": "changed", "told": "愿意外出 否 → 是"}],
    "/registry/v1/round-visits": [{**_LISTED, "round": _MONTH["id"]}],
    "/console/v1/cadres": {"cadres": [{"login": "cadre", "regions": ["433124:花垣镇"]}]},
}
_AGREED = {"kind": "posts", "year": None, "county": "433124", "employer_uscc": None, "target": 400}
_AGREEMENT: dict[str, Any] = {
    "id": str(UUID(int=70)),
    "title": "深圳市—湘西州劳务协作协议",
    "origin": "433100",
    "destination": "440300",
    "since": "2017-01-01",
    "until": "2020-12-31",
    "state": "draft",
    "posts": 3000,
    "students": 200,
    "fairs": 20,
    "firms": None,
    "trained": None,
    "targets": [_AGREED],
    "parts": [{"county": "433124", "confirmed_on": None}],
    "counties": ["433124"],
    "waiting": ["433124"],
    "edition": 1,
    "ended_on": None,
    "ended_because": "",
    "version": 1,
}
_QUARTER: dict[str, Any] = {
    "id": str(UUID(int=71)),
    "agreement": _AGREEMENT["id"],
    "county": "433124",
    "period": "2017Q2",
    "state": "differs",
    "turn": 1,
    "stated_on": "2017-07-05",
    "answered_on": "2017-07-10",
    "signed_on": None,
    "settled": [],
    "version": 2,
}
_COUNTED = {
    "kind": "posts",
    "county": "433124",
    "day": "2017-05-02",
    "reference": INTRODUCTION,
    "employer_uscc": "91440300XL0000066R",
    "subject": INTRODUCTION,
    "introduction": INTRODUCTION,
    "fair": None,
}
_PROGRESS_LINE = {
    **_AGREED,
    "agreement": _AGREEMENT["id"],
    "behind": "kind=posts&county=433124",
    "reached": 120,
    "signed": 96,
    "forecast": 390,
    "gap": 280,
    "few": False,
    "rule": "agreements.forecast.1",
}
_QUARTER_ENTRY = {
    **{name: _COUNTED[name] for name in ("kind", "reference", "day", "employer_uscc", "introduction", "fair")},
    "by": 1,
    "held_by": "city",
    "quarter": _QUARTER["id"],
    "to_settle": INTRODUCTION,
}
_RECORDS = {
    "/registry/v1/sync/conflicts": _CONFLICT,
    "/retention/v1/help-requests": _HELP,
    "/retention/v1/spells": _SPELL,
    "/retention/v1/risks": _RISK,
    "/retention/v1/verifications": _VERIFICATION,
    "/retention/v1/services": _SERVICE,
    "/retention/v1/claims": _CLAIM,
    "/retention/v1/ledger": _PAID,
    "/jobs/v1/employers": _EMPLOYER,
    "/jobs/v1/designations": _DESIGNATION,
    "/jobs/v1/checks": _CHECK,
    "/jobs/v1/misjudged": _MISJUDGED,
    "/jobs/v1/leads": _LEAD,
    "/jobs/v1/fairs": _HOSTED_FAIR,
    "/jobs/v1/agreements": _AGREEMENT,
    "/jobs/v1/quarters": _QUARTER,
    "/matching/v1/fairs": _FAIR,
    "/registry/v1/guests": _GUEST,
    "/registry/v1/leavers": _LEAVER,
    "/jobs/v1/courses": _COURSE,
    "/jobs/v1/admissions": _ADMISSION,
    "/registry/v1/courses": _COURSE,
    "/registry/v1/applications": _APPLICATION,
    "/registry/v1/households": _HOUSEHOLD,
    "/registry/v1/imports": _IMPORT,
}
_QUALITY: dict[str, Any] = {
    "people": 420,
    "complete": 399,
    "completeness": 0.95,
    "errors": 12,
    "warnings": 31,
    "accepted": 2,
    "rules": {"unable_working": 12},
}
_PLACE = _QUALITY | {"township": "花垣镇", "villages": [_QUALITY | {"village": "老寨村"}]}
_RULE = {
    "id": "unable_working",
    "severity": "error",
    "judged": "register",
    "wrong": "无劳动力而登记为务工 Without ability to work, yet at work",
    "repair": "核对劳动技能和务工所在地 Check the ability and the place of work",
    "fields": ["ability"],
}
_FINDING = {
    "id": str(UUID(int=46)),
    "person": PERSON,
    "name": "石**",
    "township": "花垣镇",
    "village": "老寨村",
    "rule": "unable_working",
    "severity": "error",
    "field": "ability",
    "wrong": _RULE["wrong"],
    "repair": _RULE["repair"],
    "state": "open",
    "found_at": "2017-03-20T08:00:00Z",
    "version": 1,
}
_LIKE: dict[str, Any] = {
    "id": PERSON,
    "household": str(UUID(int=12)),
    "name": "石**",
    "number": "433124************",
    "sex": "女",
    "age_band": "30-34",
    "township": "花垣镇",
    "village": "老寨村",
    "kinship": "配偶",
}
_DUPLICATE: dict[str, Any] = {
    "id": str(UUID(int=13)),
    "one": _LIKE,
    "other": _LIKE,
    "rule": "same_name_birth",
    "rules": "same-person-1",
    "way": "file",
    "batch": None,
    "found_by": "officer-1",
    "found_at": "2017-03-20T08:00:00Z",
    "state": "open",
    "decided_by": None,
    "decided_at": None,
    "reason": None,
    "merge": None,
    "version": 1,
    "facts": [
        {"field": "education", "one": "初中", "other": "高中", "differs": True, "taken": "education"},
        {"field": "low_income", "one": True, "other": None, "differs": True, "taken": "low_income"},
        {"field": "health", "one": ["健康"], "other": [], "differs": True, "taken": "health"},
    ],
}
ANSWERS: dict[str, Any] = {
    **_ROUNDS,
    **{path: [row] * 3 for path, row in _RECORDS.items()},
    **{f"{path}/{row['id']}": row for path, row in _RECORDS.items()},
    f"/registry/v1/labourers/{PERSON}/accesses": {"person": PERSON, "items": [_ACCESS], "next": None},
    f"/registry/v1/imports/{_IMPORT['id']}/refused": {"items": [_REFUSED], "next": None, "columns": _COLUMNS},
    f"/jobs/v1/employers/{_EMPLOYER['id']}/history": [_EMPLOYER_CHANGE],
    "/jobs/v1/employers/counts": {"employers": 3},
    f"/jobs/v1/agreements/{_AGREEMENT['id']}/progress": [_PROGRESS_LINE],
    f"/jobs/v1/agreements/{_AGREEMENT['id']}/counted": [_COUNTED],
    f"/jobs/v1/quarters/{_QUARTER['id']}/entries": [_QUARTER_ENTRY],
    f"/matching/v1/fairs/{_FAIR['id']}/vacancies": [_VACANCY],
    f"/matching/v1/fairs/{_FAIR['id']}/visitors": [_FAIR_VISITOR] * 3,
    f"/matching/v1/fairs/{_FAIR['id']}/results": _FAIR_RESULTS,
    f"/registry/v1/fairs/{_FAIR['id']}/self-sign-ups": [_SELF_SIGN_UP] * 3,
    f"/registry/v1/fairs/{_FAIR['id']}/self-sign-ups/{_SELF_SIGN_UP['id']}": _SELF_SIGN_UP,
    "/registry/v1/leavers/counts": {"people": 3, "unplanned": 1, "townships": []},
    "/registry/v1/duplicates": [_DUPLICATE],
    f"/registry/v1/duplicates/{_DUPLICATE['id']}": _DUPLICATE,
    "/registry/v1/reveals": [_REVEALS],
    f"/registry/v1/reveals/{UUID(int=8)}": _REVEALS,
    f"/matching/v1/recommendations/people/{PERSON}": {"person": PERSON, **_BASIS, "items": [{**_VACANCY, **_SAID}]},
    f"/matching/v1/recommendations/vacancies/{VACANCY}": {
        "vacancy": VACANCY,
        **_BASIS,
        "items": [{**_SEEKER, **_SAID, "realistic": False}],
    },
    CARDS: _CARDS,
    "/registry/v1/labourers": [_PERSON] * 3,
    "/registry/v1/labourers/counts": {"as_of": "2017-04-05", "people": 3},
    "/registry/v1/labourers/searches": [_PERSON] * 2,
    "/registry/v1/places": {"townships": [{"township": "花垣镇", "villages": ["浮桥村"]}]},
    "/registry/v1/villages": {"townships": [_TOWNSHIP]},
    "/registry/v1/quality": _QUALITY | {"version": "quality-1", "waiting": 3, "townships": [_PLACE]},
    "/registry/v1/quality/rules": {"version": "quality-1", "rules": [_RULE]},
    "/registry/v1/quality/findings": [_FINDING] * 3,
    f"/registry/v1/quality/findings/{_FINDING['id']}": _FINDING,
    f"/registry/v1/labourers/{PERSON}": _PERSON,
    f"/registry/v1/labourers/{PERSON}/history": [_WRITTEN] * 2,
    "/jobs/v1/vacancies": [_VACANCY] * 3,
    f"/jobs/v1/vacancies/{VACANCY}": _VACANCY,
    "/matching/v1/supply": [_VACANCY] * 3,
    f"/jobs/v1/checks/{_CHECK['id']}/lines/{_CHECK_LINE['id']}": _CHECK_LINE,
    "/retention/v1/promises": [_PROMISE],
    "/retention/v1/promises/stated": [_PROMISE],
    "/matching/v1/introductions": [_INTRODUCTION] * 3,
    f"/matching/v1/introductions/{INTRODUCTION}": _INTRODUCTION,
    f"/matching/v1/people/{PERSON}/explanations/{VACANCY}": _EXPLANATION,
    "/matching/v1/demand": {
        "items": [
            {
                "county": "433124",
                "as_of": "2017-04-05",
                "people": 212,
                "by_occupation": {"6-25": 61, "other": 3},
                "by_wage": {"any": 92},
                "by_destination": {"440300": 130, "anywhere": 9},
            }
        ],
        "people": [],
        "next": None,
    },
    "/console/v1/accounts": [_ACCOUNT],
    "/console/v1/accounts/shi.guilan": _ACCOUNT,
    "/console/v1/account-changes": [_CHANGE],
    "/console/v1/accounts/shi.guilan/sessions": [_SESSION],
    "/console/v1/systems": [_SYSTEM],
    f"/console/v1/systems/{_SYSTEM['id']}": _SYSTEM,
    "/matching/v1/weights": [_WEIGHTS],
    "/matching/v1/runs": [_RUN],
    f"/matching/v1/runs/{RUN}": _RUN,
    f"/matching/v1/runs/{RUN}/people": [_IN_RUN],
    f"/matching/v1/runs/{RUN}/vacancies": [_FILLED],
    f"/matching/v1/runs/{RUN}/allotments": [_ALLOTTABLE],
    "/matching/v1/outcomes": [_OUTCOME],
    **{
        f"/{service}/v1/backlog": {"service": service, **_BACKLOG}
        for service in ("registry", "jobs", "matching", "retention", "console")
    },
}


class Pretending:
    """The other services: answers from a table (a number is the status of a refusal), lists in two pages; remembers who asked for what."""

    def __init__(self, *away: str):
        self.away = set(away)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path.split("/")[1] in self.away:
            raise httpx.ConnectError("away", request=request)
        path = request.url.path
        if path.endswith(".xlsx") and (
            "/templates/" in path or isinstance(ANSWERS.get(path[: -len(".xlsx")]), list) or path == VILLAGES
        ):
            return httpx.Response(200, content=b"PK", headers={"Content-Type": XLSX})
        answer = ANSWERS.get(request.url.path, 404)
        if isinstance(answer, int):
            return httpx.Response(
                answer, json={"type": "urn:xieli:problem:not-found", "title": "没有找到 Not found", "status": answer}
            )
        if isinstance(answer, list):
            after = request.url.params.get("after")
            return httpx.Response(200, json={"items": answer, "next": None if after else "MQ"})
        return httpx.Response(200, json=answer)


async def open_console(nodes: Nodes, node: str = "n430000") -> ServiceContext:
    """A console at a node, its accounts taken in."""
    context = await nodes.open(SERVICE, node)
    context.settings = context.settings.model_copy(update={"console_second_factor": ""})
    path = context.settings.keys / "accounts.json"
    if not path.exists():
        lasting_accounts(path, context.node.code)
    await welcome_accounts(context)
    return context


def password_of(context: ServiceContext, login: str = "officer") -> str:
    accounts = json.loads((context.settings.keys / "accounts.json").read_text())
    return str(next(account["password"] for account in accounts if account["login"] == login))


def app_of(context: ServiceContext, pretending: Pretending | None = None) -> FastAPI:
    app = create_api(context)
    app.state.neighbours = Neighbours("http://node", 5, httpx.MockTransport(pretending or Pretending()))
    return app


def self_asking(context: ServiceContext) -> FastAPI:
    """A console whose pages ask its own HTTP address, as they do behind the gateway."""
    app = create_api(context)
    app.state.neighbours = Neighbours("http://node", 5, httpx.ASGITransport(app))
    return app


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The console on a port of its own; answers its address once somebody may come in."""
    port = free_ports(1)[0]
    async with serving(app, "127.0.0.1", port) as server:

        async def listens() -> bool:
            return server.started

        await eventually(listens)
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps cookies and, like a browser, says that its forms come from the page itself."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://node", headers=FROM_HERE) as client:
        yield client


async def sign_in(
    client: httpx.AsyncClient, context: ServiceContext, login: str = "officer", next: str = "/"
) -> httpx.Response:
    return await client.post("/sign-in", data={"login": login, "password": password_of(context, login), "next": next})


def arrival(event: Event, node: str, sequence: int) -> Arrival:
    """An indicator event as it comes off a node's broker."""
    source = f"/{node}/{event.TYPE.split('.')[0]}"
    envelope = Envelope(
        id=uuid4(),
        source=source,
        type=event.TYPE,
        time=datetime(2017, 7, 1, tzinfo=UTC),
        topic=topic_of(type(event)),
        partition=partition_of(event.key()),
        sequence=sequence,
        key=event.key(),
    )
    return Arrival(envelope, event.model_dump_json())


def statements(as_of: date = date(2017, 6, 30), *, first: int = 1, more: int = 0) -> list[Arrival]:
    """Every node's figures as of a date; `more` people found work since."""
    told = []
    for division, kinds in _FIGURES.items():
        for kind, figures in kinds.items():
            known = {**figures, "employed": figures["employed"] + more} if "employed" in figures else figures
            event = _EVENTS[kind](division=division, as_of=as_of, rule=f"{kind}.indicators.1", figures=known)
            told.append(arrival(event, f"n{division}", first))
    return told
