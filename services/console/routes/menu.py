"""The menu (菜单): the pages by the link of work they belong to, each for those whose role the table lets do what it shows."""

from __future__ import annotations

from typing import NamedTuple

from services.console.rendering.words import N_
from services.console.rules.levels import Level


class Place(NamedTuple):
    """A page in the menu: path, title, the action (事项) it needs, and the levels of nodes where there is such work."""

    path: str
    title: str
    action: str
    levels: tuple[Level, ...] = ("province", "city", "county")


LOCAL: tuple[Level, ...] = ("city", "county")

# Of a labourer, who is here for herself.
OWN: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        N_("本人"),
        (
            Place("/my", N_("我的信息"), "console.my.show"),
            Place("/my/wish", N_("我想找的工作"), "registry.labourer.state_wish"),
            Place("/my/correct", N_("登记的不对"), "registry.correction.request"),
            Place("/my/help", N_("我要求助"), "retention.help.ask"),
            Place("/my/accesses", N_("谁看过我的信息"), "registry.labourer.accesses"),
        ),
    ),
)

MENU: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        N_("工作"),
        (
            Place("/today", N_("今日"), "matching.introduction.show", LOCAL),
            Place("/imports", N_("导入"), "registry.import.list", LOCAL),
            Place("/province", N_("全省一张表"), "console.figures.show"),
            Place("/m/", N_("手机端"), "registry.sync.pull", ("county",)),
        ),
    ),
    (
        N_("人员"),
        (
            Place("/people", N_("劳动力"), "registry.labourer.list", ("county",)),
            Place("/leavers", N_("两后生"), "registry.leaver.list", ("county",)),
            Place("/households", N_("户"), "registry.household.list", ("county",)),
            Place("/rounds", N_("走访轮次"), "registry.round.list", ("county",)),
            Place("/duplicates", N_("疑似重复"), "registry.duplicate.list", ("county",)),
            Place("/guests", N_("来本市人员"), "registry.guest.list", ("city",)),
            Place("/conflicts", N_("待裁决"), "registry.conflict.list", ("county",)),
            Place("/quality", N_("数据质量"), "registry.quality.show", ("county",)),
            Place("/reveals", N_("批量显示"), "registry.reveal.list", ("county",)),
        ),
    ),
    (
        N_("对接"),
        (
            Place("/vacancies", N_("岗位"), "jobs.vacancy.list", ("city",)),
            Place("/employers", N_("单位"), "jobs.employer.list", ("city",)),
            Place("/leads", N_("线索"), "jobs.lead.list", ("city",)),
            Place("/designations", N_("定点与基地"), "jobs.designation.list", ("city",)),
            Place("/fairs", N_("招聘会"), "matching.fair.list", LOCAL),
            Place("/hosted-fairs", N_("主办的招聘会"), "jobs.fair.list", LOCAL),
            Place("/promises", N_("承诺台账"), "retention.promise.list", ("city",)),
            Place("/promises/stated", N_("各地承诺台账"), "retention.promise_statement.list"),
            Place("/courses", N_("培训班"), "jobs.course.list", ("city",)),
            Place("/admissions", N_("培训报名"), "jobs.admission.list", ("city",)),
            Place("/training", N_("可报名培训班"), "registry.course.list", ("county",)),
            Place("/applications", N_("培训报名"), "registry.application.list", ("county",)),
            Place("/checks", N_("抽查"), "jobs.check.list", ("city",)),
            Place("/agreements", N_("协作协议"), "jobs.agreement.list"),
            Place("/quarters", N_("季度签认"), "jobs.quarter.list"),
            Place("/misjudged", N_("误判"), "jobs.misjudgement.list", ("city",)),
            Place("/supply", N_("两张清单"), "matching.supply.list"),
            Place("/introductions", N_("介绍上岗"), "matching.introduction.list", LOCAL),
            Place("/outcomes", N_("到岗情况"), "matching.outcome.list", LOCAL),
            Place("/runs", N_("匹配轮次"), "matching.run.list"),
        ),
    ),
    (
        N_("稳岗与服务"),
        (
            Place("/spells", N_("就业台账"), "retention.spell.list", LOCAL),
            Place("/risks", N_("48 小时转岗"), "retention.risk.list", LOCAL),
            Place("/verifications", N_("核查"), "retention.verification.list", LOCAL),
            Place("/services", N_("服务记录"), "retention.service.list", LOCAL),
            Place("/help", N_("求助"), "retention.help.answer", LOCAL),
            Place("/claims", N_("补贴申领"), "retention.claim.list", LOCAL),
            Place("/ledger", N_("补贴台账"), "retention.ledger.list", ("county",)),
        ),
    ),
    (
        N_("管理"),
        (
            Place("/health", N_("节点状况"), "node.backlog.show"),
            Place("/accounts", N_("账号"), "console.account.list"),
            Place("/systems", N_("合作系统"), "console.system.list"),
        ),
    ),
)
