"""The first page of whoever works here (今日): what waits, the oldest first, each row a press away from its form."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Response

from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.people_named import names_of
from services.console.routes.session import Visitor, visits
from services.console.rules.levels import Level
from services.console.rules.listings import Column
from services.console.rules.queues import QUARTER, QUARTER_BEGIN, Queue

pages = APIRouter(include_in_schema=False)

# So many rows of a queue; the rest is a press away, and counted as far as one page of a list goes.
SHOWN, COUNTED = 8, 200

_DUE = Column("due", N_("办理期限"), "day")


def _introductions(state: str, title: str, *levels: Level) -> Queue:
    """Introductions that stand at a state, for whoever takes the next step."""
    return Queue(
        "matching.introduction.list",
        title,
        "/matching/v1/introductions",
        f"/introductions?state={state}",
        "/introductions/{id}",
        Column("title", N_("岗位")),
        levels,
        _DUE,
        {"state": state},
    )


QUEUES = (
    Queue(
        "registry.labourer.list",
        N_("未走访本季的劳动力"),
        "/registry/v1/labourers",
        "/people?labourer=true&sort=visited",
        "/people/{id}",
        Column("name", N_("姓名")),
        ("county",),
        Column("visited", N_("走访"), "day"),
        {"labourer": "true", "sort": "visited", "visited_before": QUARTER_BEGIN},
        "/registry/v1/labourers/counts",
    ),
    Queue(
        "registry.conflict.list",
        N_("待裁决：本人或手机说的与登记不一致"),
        "/registry/v1/sync/conflicts",
        "/conflicts",
        "/conflicts/{id}",
        Column("source", N_("谁说的"), "code", "conflict_source"),
        ("county",),
        Column("at", N_("时间"), "moment"),
    ),
    Queue(
        "registry.round.list_labourers",
        N_("本轮待走访"),
        "/registry/v1/round-visits",
        "/rounds",
        "/rounds/{round}/people?state=open&township={township}&village={village}",
        Column("kinship", N_("与户主关系")),
        ("county",),
    ),
    Queue(
        "registry.quality.show",
        N_("数据待改：不可能成立的"),
        "/registry/v1/quality/findings",
        "/quality/findings?severity=error",
        "/people/{person}",
        Column("wrong", N_("问题"), "half"),
        ("county",),
        narrowed={"severity": "error"},
    ),
    Queue(
        "registry.duplicate.list",
        N_("疑似重复"),
        "/registry/v1/duplicates",
        "/duplicates?state=open",
        "/duplicates/{id}",
        Column("rule", N_("依据"), "code", "likeness"),
        ("county",),
        narrowed={"state": "open"},
    ),
    Queue(
        "matching.introduction.list",
        N_("即将逾期：到期自动办结"),
        "/matching/v1/introductions",
        "/introductions?warned=true",
        "/introductions/{id}",
        Column("state", N_("状态"), "tag", "introduction"),
        due=Column("lapses_on", N_("办理期限"), "day"),
        narrowed={"warned": "true"},
    ),
    _introductions("held", N_("待联系：通知本人"), "county"),
    _introductions("offered", N_("待答复：本人同意或不接受"), "county"),
    Queue(
        "matching.introduction.list",
        N_("合并后有两次同意：终止其中一个"),
        "/matching/v1/introductions",
        "/introductions?second_yes=true",
        "/introductions/{id}",
        Column("title", N_("岗位")),
        ("county",),
        narrowed={"second_yes": "true"},
    ),
    Queue(
        "retention.ledger.settle",
        N_("合并后重复发放的补贴"),
        "/retention/v1/ledger",
        "/ledger?to_settle=true",
        "/ledger/{id}/settle",
        Column("policy", N_("政策"), "code", "policy"),
        ("county",),
        narrowed={"to_settle": "true"},
    ),
    Queue(
        "jobs.vacancy.list",
        N_("待审核的岗位"),
        "/jobs/v1/vacancies",
        "/vacancies?state=pending",
        "/vacancies/{id}",
        Column("title", N_("岗位")),
        ("city",),
        narrowed={"state": "pending"},
    ),
    Queue(
        "jobs.vacancy.renew",
        N_("一周内到期的岗位"),
        "/jobs/v1/vacancies",
        "/vacancies?expiring=true",
        "/vacancies/{id}",
        Column("title", N_("岗位")),
        ("city",),
        Column("valid_until", N_("有效期至"), "day"),
        {"expiring": "true"},
    ),
    Queue(
        "jobs.lead.drop",
        N_("待跟进的线索"),
        "/jobs/v1/leads",
        "/leads?state=open",
        "/leads/{id}",
        Column("title", N_("岗位")),
        ("city",),
        Column("heard_on", N_("听说日期"), "day"),
        {"state": "open"},
    ),
    Queue(
        "jobs.employer.vet",
        N_("待审核的单位"),
        "/jobs/v1/employers",
        "/employers?state=pending",
        "/employers/{id}",
        Column("name", N_("名称")),
        ("city",),
        Column("listed_on", N_("登记日期"), "day"),
        {"state": "pending"},
    ),
    Queue(
        "retention.help.answer",
        N_("待答复的求助"),
        "/retention/v1/help-requests",
        "/help?state=open",
        "/help/{id}",
        Column("category", N_("类别"), "code", "help"),
        due=Column("asked_on", N_("求助日期"), "day"),
        narrowed={"state": "open"},
    ),
    _introductions("introduced", N_("待录用"), "city"),
    _introductions("hired", N_("待上岗"), "city"),
    Queue(
        "retention.risk.list",
        N_("48 小时转岗"),
        "/retention/v1/risks",
        "/risks",
        "/risks/{id}",
        Column("state", N_("状态"), "tag", "risk"),
        due=Column("deadline", N_("办理期限"), "moment"),
    ),
    Queue(
        "retention.verification.list",
        N_("待核查"),
        "/retention/v1/verifications",
        "/verifications?answered=false",
        "/verifications/{id}/answer",
        Column("quarter", N_("季度")),
        narrowed={"answered": "false", "quarter": QUARTER},
    ),
    Queue(
        "retention.claim.list",
        N_("材料未齐的申领"),
        "/retention/v1/claims",
        "/claims?state=open",
        "/claims/{id}",
        Column("policy", N_("政策"), "code", "policy"),
        narrowed={"state": "open"},
    ),
)


@pages.get("/today")
async def show_today(visitor: Annotated[Visitor, visits("console.page.show")]) -> Response:
    """All queues asked at once; one whose service is away says so and takes nothing from the others."""
    mine = [each for each in QUEUES if visitor.frame.level in each.levels and visitor.frame.may(each.action)]
    today = visitor.context.node.today()
    asked = [visitor.ask(each.address, **each.narrowed_on(today), limit=str(SHOWN)) for each in mine]
    answers = await asyncio.gather(*asked)
    counts = await asyncio.gather(*(_count(visitor, *each) for each in zip(mine, answers, strict=True)))
    people = await names_of(visitor, [row for answer in answers for row in answer.items])
    people |= {row["id"]: row["one"] for answer in answers for row in answer.items if "one" in row}
    queues = list(zip(mine, answers, counts, strict=True))
    return visitor.show("today.html", queues=queues, people=people, today=str(today))


async def _count(visitor: Visitor, queue: Queue, answer: Answer) -> int | None:
    """How many wait in all; None: more than are counted."""
    if not answer.next:
        return len(answer.items)
    asked = {**queue.narrowed_on(visitor.context.node.today())}
    if queue.counted:
        counted = await visitor.ask(queue.counted, **{name: value for name, value in asked.items() if name != "sort"})
        return int(counted.data["people"]) if counted.ok else None
    whole = await visitor.ask(queue.address, **asked, limit=str(COUNTED))
    return len(whole.items) if whole.ok and not whole.next else None
