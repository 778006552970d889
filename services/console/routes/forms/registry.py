"""What a county's officers and cadres write into the register (登记册): people and households, entered, put right, moved, split, joined."""

from __future__ import annotations

from libs.common.codes.lists import education_steps, ethnic_groups, register_list
from libs.common.codes.occupations import trainings, words_of_wishes
from services.console.rendering.codes import codes_of
from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/registry/v1/labourers/{person}", "/people/{person}"
_HOME, _HOME_PAGE = "/registry/v1/households/{household}", "/households/{household}"

_ON = Field("on", N_("从哪天起"), "day", hint=N_("不填即今天"))
_TOWNSHIP = Field("township", N_("乡镇"), suggest="townships")
_VILLAGE = Field("village", N_("村"), suggest="villages")
_KINSHIP = Field("kinship", N_("与户主关系"), "choice", options=register_list("kinship"), needed=True)

# What may be ticked of a wish, in the order of the words.
WISH = {kind: codes_of(kind) for kind in ("certificate", "restriction", "accommodation", "need")}

# What is asked of a school leaver; what the register knows besides is not said.
PLANS = ("further_study", "work", "training", "not_now")

_PHONES = (Field("phone", N_("本人电话"), "sealed"), Field("household_phone", N_("家庭电话"), "sealed"))
_STANDING = (
    Field("ethnic_group", N_("民族"), "choice", options=ethnic_groups()),
    Field("education", N_("学历"), "choice", options=tuple(education_steps()), hint=N_("在校的不填学历，填在校生状况")),
    Field("pupil", N_("在校生状况"), "choice", options=register_list("pupils")),
    Field("ability", N_("劳动技能"), "choice", options=register_list("ability")),
    Field("health", N_("健康状况"), "many", options=register_list("health")),
    Field("disability", N_("残疾类别")),
    Field("political_status", N_("政治面貌"), "choice", options=register_list("political_status")),
    Field("low_income", N_("低保"), "flag"),
    Field("destitute", N_("特困供养"), "flag"),
    Field("work_place", N_("务工所在地"), "choice", "work_place"),
    Field("channel", N_("就业渠道"), "choice", options=register_list("channel")),
    Field("work_employer", N_("务工企业")),
    Field("work_months", N_("务工时间（月）"), "number"),
)

NEW = Form(
    "registry.labourer.enter",
    N_("新增人员"),
    "POST",
    "/registry/v1/labourers",
    (
        Field("number", N_("证件号码"), needed=True, hint=N_("出生日期和性别由号码得出")),
        Field("birth_date", N_("出生日期"), "told"),
        Field("sex", N_("性别"), "told"),
        Field("name", N_("姓名"), needed=True),
        Field("household", N_("户"), "hidden"),
        Field("home", N_("户"), "told"),
        Field("household_no", N_("户编号"), hint=N_("已选定户的不填；名册里没有的户，填编号、乡镇和村就一并登记")),
        _TOWNSHIP,
        _VILLAGE,
        _KINSHIP,
        Field("phone", N_("本人电话")),
        Field("household_phone", N_("家庭电话")),
        *_STANDING,
        _ON,
        Field("confirmed", N_("确认不是同一人"), "flag", hint=N_("只在提示有相近的人、核对以后才填")),
    ),
    "/people/{id}",
    said=N_("已登记。"),
)

VISIT = Form(
    "registry.visit.record",
    N_("走访"),
    "POST",
    f"{_HERE}/visits",
    (
        Field("on", N_("走访日期"), "day", needed=True, today=True),
        Field("found", N_("看到的情况"), "choice", "found", needed=True),
        Field("wish.willing", N_("愿意外出务工"), "flag", hint=N_("没有谈到就不填，下面各项也不填")),
        Field("wish.unwilling_reason", N_("不愿外出的原因"), "choice", "unwilling_reason"),
        Field("wish.destinations", N_("意向地区"), "places", hint=N_("按先后，如 深圳、长沙、浙江")),
        Field("wish.elsewhere", N_("别的地方"), "choice", "elsewhere"),
        Field("wish.occupation", N_("意向工种"), "choice", options=words_of_wishes()),
        Field("wish.wage_expected", N_("期望月工资（元）"), "number"),
        Field("wish.wage_minimum", N_("最低月工资（元）"), "number"),
        Field("wish.available_from", N_("何时能走"), "day"),
        Field("wish.experience", N_("从业年数"), "number"),
        Field("wish.certificates", N_("证书"), "many", "certificate", WISH["certificate"]),
        Field("wish.restrictions", N_("做不了的"), "many", "restriction", WISH["restriction"]),
        Field("wish.accommodations", N_("需要的便利"), "many", "accommodation", WISH["accommodation"]),
        Field("wish.needs", N_("要求"), "many", "need", WISH["need"]),
        Field("wish.training", N_("想学的"), "choice", options=trainings()),
        Field("wish.fellows", N_("结伴小组")),
        Field("next_visit", N_("下次走访"), "day"),
    ),
    _PAGE,
    said=N_("走访已记录。"),
)

_FINDING = "/registry/v1/quality/findings/{finding}"

FORMS = {
    "/quality/findings/{finding}/accept": Form(
        "registry.quality.accept",
        N_("认可"),
        "POST",
        f"{_FINDING}/accept",
        (Field("reason", N_("原因"), "area", needed=True),),
        "/quality/findings",
        source=_FINDING,
        hint=N_("确实如此、不需要改的，写明原因后不再列出；依据的事实变了会重新列出。"),
        said=N_("已认可。"),
    ),
    "/leavers/{person}/plan": Form(
        "registry.leaver.plan",
        N_("记打算"),
        "PUT",
        "/registry/v1/leavers/{person}/plan",
        (
            Field("plan", N_("打算"), "choice", "leaver_plan", PLANS, needed=True),
            Field("note", N_("说明"), hint=N_("想学什么、为什么暂不")),
            Field("on", N_("询问日期"), "day", today=True),
        ),
        "/leavers/{person}",
        said=N_("打算已记下。"),
    ),
    "/people/new": NEW,
    f"{_PAGE}/correct": Form(
        "registry.labourer.correct",
        N_("更正登记"),
        "PATCH",
        _HERE,
        (
            Field("name", N_("姓名"), "sealed"),
            Field("number", N_("证件号码"), "sealed"),
            Field("reason", N_("更正号码的原因"), hint=N_("只在更正证件号码时填")),
            *_PHONES,
            _TOWNSHIP,
            _VILLAGE,
            Field("kinship", N_("与户主关系"), "choice", options=register_list("kinship")),
            *_STANDING,
            _ON,
        ),
        _PAGE,
        source=_HERE,
        hint=N_("遮盖的内容不填即不变；原来的内容保留在变更记录里。"),
        said=N_("已更正。"),
    ),
    f"{_PAGE}/visit": VISIT,
    f"{_PAGE}/depart": Form(
        "registry.labourer.depart",
        N_("减员"),
        "POST",
        f"{_HERE}/departures",
        (
            Field("way", N_("去向"), "choice", "departure", needed=True),
            Field("on", N_("从哪天起"), "day", needed=True),
            Field("reason", N_("说明")),
        ),
        "/people",
        hint=N_("从这天起不在名单、统计和求职清单中；以前的记录都保留。"),
        said=N_("已减员，名单从那天起不再列出。"),
    ),
    f"{_PAGE}/return": Form(
        "registry.labourer.return",
        N_("返回名册"),
        "POST",
        f"{_HERE}/returns",
        (
            Field("kind", N_("情形"), "choice", "return", needed=True),
            Field("on", N_("从哪天起"), "day", hint=N_("不填即今天")),
            Field("reason", N_("说明")),
        ),
        _PAGE,
        said=N_("已回到名册。"),
    ),
    "/households/new": Form(
        "registry.household.enter",
        N_("新增户"),
        "POST",
        "/registry/v1/households",
        (
            Field("number", N_("户编号"), needed=True),
            Field("township", N_("乡镇"), suggest="townships", needed=True),
            Field("village", N_("村"), suggest="villages", needed=True),
            Field("new_village", N_("名册里还没有这个村"), "flag"),
            _ON,
        ),
        "/households/{id}",
        said=N_("户已登记，接着登记户里的人。"),
    ),
    f"{_HOME_PAGE}/visit": Form(
        "registry.visit.record",
        N_("全户走访"),
        "POST",
        f"{_HOME}/visits",
        (
            Field("on", N_("走访日期"), "day", needed=True, today=True),
            Field("found", N_("看到的情况"), "choice", "found", needed=True),
            Field("next_visit", N_("下次走访"), "day"),
        ),
        _HOME_PAGE,
        hint=N_("户里每个人都记一次走访；谈到意愿的，到本人的页面上记。"),
        said=N_("全户已记走访。"),
    ),
    f"{_HOME_PAGE}/correct": Form(
        "registry.household.correct",
        N_("更正户"),
        "PATCH",
        _HOME,
        (Field("number", N_("户编号"), "sealed"), _TOWNSHIP, _VILLAGE, Field("reason", N_("原因")), _ON),
        _HOME_PAGE,
        source=_HOME,
        hint=N_("遮盖的内容不填即不变；原来的内容保留在变更记录里。"),
        said=N_("已更正。"),
    ),
}
