"""What officers and employers do with an introduction (介绍): each step a form, on the version that was read."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

ON = Field("on", N_("发生日期"), "day", hint=N_("不填即今天"))
_HERE = "/matching/v1/introductions/{introduction}"
_PAGE = "/introductions/{introduction}"
# 同意书: the version whose text the person is read; it stands on the page and is not typed.
CONSENT = "2017.1"
# What each side may give as its reason, as matching takes it.
DECLINED = (
    "wage_too_low",
    "too_far",
    "family_care",
    "health",
    "found_work_elsewhere",
    "in_training",
    "not_interested",
    "partner_not_placed",
    "unreachable",
    "other",
)
REJECTED = (
    "unreachable",
    "no_show",
    "hired_elsewhere",
    "in_training",
    "not_eligible",
    "not_mobile",
    "not_interested",
    "lacking_skills",
    "health_check",
    "obstacle_to_post",
    "no_opening",
    "duplicate",
    "deadline_passed",
    "other",
)
NOT_COME = ("did_not_come", "unreachable", "not_mobile", "deadline_passed", "other")
_RESCINDED = ("post_gone", "not_eligible", "health_check", "other")
_WITHDRAWN = ("not_said", "changed_mind", "found_work_elsewhere", "data_misused", "other")


def _why(reasons: tuple[str, ...]) -> Field:
    return Field("reason", N_("原因"), "choice", "reason", reasons, needed=True)


def _step(verb: str, title: str, *fields: Field, hint: str = "", said: str) -> Form:
    action = f"matching.introduction.{verb.replace('-', '_')}"
    return Form(action, title, "POST", f"{_HERE}/{verb}", (*fields, ON), _PAGE, source=_HERE, hint=hint, said=said)


# 现场签约 on a cadre's phone; the post is chosen from what stands at the fair.
SIGNING = Form(
    "matching.fair.sign",
    N_("现场签约"),
    "POST",
    "/matching/v1/fairs/{fair}/signings",
    (
        Field(
            "consent",
            N_("已向本人宣读同意书，本人同意把联系方式交给对方城市"),
            "choice",
            options=(CONSENT,),
            needed=True,
        ),
    ),
    "",
)

FORMS = {
    f"{_PAGE}/offer": _step("offer", N_("通知本人"), said=N_("已记录：岗位已告知本人。")),
    f"{_PAGE}/agree": _step(
        "agree",
        N_("本人同意"),
        Field("consent", N_("同意书版本"), "choice", options=(CONSENT,), needed=True),
        hint=N_("本人听过同意书并同意把联系方式交给对方城市后才填；对方城市随即收到密封的求职卡。"),
        said=N_("已记录本人同意，求职卡已送往对方城市。"),
    ),
    f"{_PAGE}/decline": _step("decline", N_("本人不接受"), _why(DECLINED), said=N_("已记录：本人不接受。")),
    f"{_PAGE}/withdraw-consent": _step(
        "withdraw-consent",
        N_("撤回同意"),
        Field("reason", N_("原因"), "choice", "withdrawal", _WITHDRAWN),
        hint=N_("对方城市删除求职卡并回告；办过这件事的记录两边都保留。"),
        said=N_("已撤回同意，对方城市将删除求职卡。"),
    ),
    f"{_PAGE}/hire": _step("hire", N_("录用"), said=N_("已录用，户籍县随即知道。")),
    f"{_PAGE}/reject": _step("reject", N_("不录用"), _why(REJECTED), said=N_("已记录：不录用。")),
    f"{_PAGE}/cancel": _step(
        "cancel",
        N_("本人取消"),
        _why(DECLINED),
        hint=N_("本人同意以后、到岗以前又不去了；本人和名额随即空出。"),
        said=N_("已记录：本人取消。"),
    ),
    f"{_PAGE}/rescind": _step(
        "rescind",
        N_("取消录用"),
        _why(_RESCINDED),
        hint=N_("单位录用以后、到岗以前又不要了；户籍县随即知道，可以另行介绍。"),
        said=N_("已记录：单位取消录用。"),
    ),
    f"{_PAGE}/no-show": _step(
        "no-show",
        N_("未到岗"),
        _why(NOT_COME),
        hint=N_("录用了没有来；本人和名额随即空出，计入该单位的到岗情况。"),
        said=N_("已记录：未到岗。"),
    ),
    f"{_PAGE}/undo": _step(
        "undo",
        N_("撤销录入"),
        hint=N_("录入有误时撤销自己（本单位）的最后一步；对方已经办理的不能撤销。误记的“同意”撤销后，名额另行保留。"),
        said=N_("已撤销最后一步。"),
    ),
    "/introductions/new": Form(
        "matching.introduction.propose",
        N_("推荐岗位"),
        "POST",
        "/matching/v1/introductions",
        (Field("person", N_("人员编号"), "hidden"), Field("vacancy", N_("岗位编号"), "hidden"), ON),
        "/introductions/{id}",
        hint=N_("对方城市收到后先留名额，待本人同意再送求职卡。"),
        said=N_("已推荐。"),
    ),
    "/runs/{run}/passes": Form(
        "matching.run.open_pass",
        N_("再匹配空出的名额"),
        "POST",
        "/matching/v1/runs/{run}/passes",
        (),
        "/runs/{run}",
        hint=N_("已同意的人和名额不动；空出来的名额按同样的规则给还没有安置的人，谁的名额都不会变差。"),
        button=N_("开始再匹配"),
        said=N_("已开始再匹配。"),
    ),
    "/runs/{run}/stop": Form(
        "matching.run.stop",
        N_("终止匹配轮次"),
        "POST",
        "/matching/v1/runs/{run}/stop",
        (Field("reason", N_("原因"), "area", needed=True),),
        "/runs/{run}",
        hint=N_("终止后不约束任何人；做到哪里为止，各方都能看到。"),
        said=N_("已终止。"),
    ),
    "/runs/new": Form(
        "matching.run.announce",
        N_("召集匹配轮次"),
        "POST",
        "/matching/v1/runs",
        (
            Field("counties", N_("参加的县"), "nodes", needed=True, hint=N_("如 花垣、古丈")),
            Field("cities", N_("参加的城市"), "nodes", needed=True, hint=N_("如 深圳、长沙")),
            Field("as_of", N_("截至日期"), "day", needed=True),
            Field("deadline", N_("办结期限"), "day", needed=True),
            Field("weights", N_("权重版本"), hint=N_("不填即 2017.1")),
        ),
        "/runs/{id}",
        hint=N_("各县按截至日期的求职清单参加，各市给出名额后开始。"),
        said=N_("已召集。"),
    ),
}
