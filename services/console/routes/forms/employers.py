"""What is done about an employer (单位): entered or registered, corrected, vetted, appealed, merged, blacklisted."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/jobs/v1/employers/{employer}", "/employers/{employer}"

_FACTS = (
    Field("name", N_("名称"), needed=True),
    Field("district", N_("区")),
    Field("industry", N_("行业")),
    Field("staff", N_("职工人数"), "number"),
    Field("licence", N_("营业执照")),
    Field("contact", N_("联系人")),
    Field("phone", N_("电话")),
)
_UNTIL = N_("最后一天；次日起岗位自动恢复")


def _step(verb: str, title: str, *fields: Field, hint: str = "", said: str) -> Form:
    return Form(f"jobs.employer.{verb}", title, "POST", f"{_HERE}/{verb}", fields, _PAGE, hint=hint, said=said)


FORMS = {
    "/employers/new": Form(
        "jobs.employer.create",
        N_("登记单位"),
        "POST",
        "/jobs/v1/employers",
        (Field("uscc", N_("统一社会信用代码"), needed=True), *_FACTS),
        "/employers/{id}",
        hint=N_("单位自行登记须填营业执照、联系人和电话，由经办人员审核。"),
        said=N_("单位已登记。"),
    ),
    f"{_PAGE}/correct": Form(
        "jobs.employer.change",
        N_("更正单位"),
        "PATCH",
        _HERE,
        (*_FACTS, Field("reason", N_("原因"))),
        _PAGE,
        source=_HERE,
        hint=N_("换了联系人或电话，须重新核实；代码写错的，用正确的代码登记后合并。"),
        said=N_("已更正。"),
    ),
    f"{_PAGE}/licence": Form(
        "jobs.employer.vet",
        N_("外派资格"),
        "PATCH",
        _HERE,
        (
            Field("export_licence", N_("外派资格证书")),
            Field("export_licence_until", N_("外派资格有效至"), "day"),
            Field("reason", N_("原因")),
        ),
        _PAGE,
        source=_HERE,
        hint=N_("看过对外劳务合作经营资格证书后登记；到期后境外岗位自动停招。"),
        said=N_("已更正。"),
    ),
    f"{_PAGE}/vet": _step(
        "vet",
        N_("审核单位"),
        Field("decision", N_("审核意见"), "choice", "decision", ("pass", "refuse"), needed=True),
        Field("contact_confirmed", N_("已电话核实联系人"), "flag"),
        Field("reasons", N_("不通过的理由"), "words", hint=N_("退回时写明，单位会看到")),
        hint=N_("退回后单位可以申诉一次，期限 60 天。"),
        said=N_("审核意见已记录。"),
    ),
    f"{_PAGE}/appeal": _step(
        "appeal", N_("申诉"), Field("words", N_("申诉理由"), "area", needed=True), said=N_("申诉已收到，等待复核。")
    ),
    f"{_PAGE}/merge": _step(
        "merge",
        N_("合并单位"),
        Field(
            "goes", N_("另一条登记的统一社会信用代码"), needed=True, hint=N_("那一条并入这一条，岗位和就业台账随之转来")
        ),
        Field("reason", N_("原因"), needed=True),
        said=N_("两条登记已合并。"),
    ),
    f"{_PAGE}/blacklist": _step(
        "blacklist",
        N_("列入失信名单"),
        Field("reason", N_("原因"), "area", needed=True),
        Field("until", N_("失信至"), "day", needed=True, hint=_UNTIL),
        hint=N_("岗位随即从各县清单撤下。"),
        said=N_("已列入失信名单。"),
    ),
    "/designations/new": Form(
        "jobs.designation.create",
        N_("认定单位"),
        "POST",
        "/jobs/v1/designations",
        (
            Field("employer_uscc", N_("统一社会信用代码"), needed=True),
            Field("kind", N_("种类"), "choice", "designation", needed=True),
            Field("since", N_("起始日期"), "day", needed=True, today=True),
            Field("until", N_("截止日期"), "day", needed=True),
            Field("by", N_("认定机关"), needed=True),
            Field("promised", N_("承诺接收人数"), "number", needed=True),
        ),
        "/designations/{id}",
        said=N_("单位已认定。"),
    ),
    "/designations/{designation}/end": Form(
        "jobs.designation.end",
        N_("结束认定"),
        "POST",
        "/jobs/v1/designations/{designation}/end",
        (Field("reason", N_("原因"), "area", needed=True),),
        "/designations/{designation}",
        hint=N_("到截止日期自动结束，不用办理。"),
        said=N_("认定已结束。"),
    ),
    f"{_PAGE}/lift": _step(
        "lift",
        N_("移出失信名单"),
        Field("reason", N_("原因"), "area", needed=True),
        hint=N_("岗位随即恢复。"),
        said=N_("已移出失信名单。"),
    ),
}
