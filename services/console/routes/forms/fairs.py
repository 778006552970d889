"""What the node that hosts a job fair (招聘会) does with it: entered, firms come and go, corrected, opened, cancelled."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/jobs/v1/fairs/{fair}", "/hosted-fairs/{fair}"
_USCC = Field("employer_uscc", N_("统一社会信用代码"), needed=True)
_FACTS = (
    Field("title", N_("招聘会名称"), needed=True),
    Field("day", N_("日期"), "day", needed=True),
    Field("venue", N_("场地"), needed=True, hint=N_("如 宝安体育馆一楼")),
    Field("place", N_("地点"), "place", hint=N_("如 深圳、花垣；不填即本地")),
)


def _step(
    verb: str,
    action: str,
    title: str,
    *fields: Field,
    hint: str = "",
    said: str,
    source: str = "",
    method: str = "POST",
) -> Form:
    address = f"{_HERE}/{verb}" if verb else _HERE
    return Form(f"jobs.fair.{action}", title, method, address, fields, _PAGE, source=source, hint=hint, said=said)


FORMS = {
    "/hosted-fairs/new": Form(
        "jobs.fair.create",
        N_("登记招聘会"),
        "POST",
        "/jobs/v1/fairs",
        _FACTS,
        "/hosted-fairs/{id}",
        hint=N_("登记后各协作地区即可看到；参会单位登记好以后再开放报名。"),
        said=N_("招聘会已登记。"),
    ),
    f"{_PAGE}/booths": _step(
        "booths",
        "change",
        N_("登记参会单位"),
        _USCC,
        hint=N_("名单中的单位；在招岗位全部参会。"),
        said=N_("参会单位已登记。"),
    ),
    f"{_PAGE}/guests": _step(
        "booths",
        "change",
        N_("登记外地参会单位"),
        _USCC,
        Field("employer_name", N_("单位"), needed=True),
        Field("city", N_("单位所在市"), "place", needed=True, hint=N_("如 深圳；岗位以该市发布的岗位清单为准")),
        hint=N_("其他城市的单位到本地参会；它不进入本地名单。"),
        said=N_("外地参会单位已登记。"),
    ),
    f"{_PAGE}/remove": _step("booths/remove", "change", N_("撤销参会单位"), _USCC, said=N_("参会单位已撤销。")),
    f"{_PAGE}/open": _step(
        "open",
        "open",
        N_("开放报名"),
        hint=N_("开放以后各县可以登记报名；招聘会当天过后自动结束。"),
        said=N_("已开放报名。"),
    ),
    f"{_PAGE}/correct": _step(
        "",
        "change",
        N_("更正招聘会"),
        *_FACTS,
        hint=N_("各协作地区随即看到；已报名的人保留。"),
        said=N_("招聘会已更正。"),
        source=_HERE,
        method="PATCH",
    ),
    f"{_PAGE}/cancel": _step(
        "cancel",
        "cancel",
        N_("取消招聘会"),
        Field("reason", N_("原因"), "area", needed=True),
        hint=N_("原因告知各协作地区；已签约的不受影响。"),
        said=N_("招聘会已取消。"),
    ),
}
