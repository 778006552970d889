"""What an office and a firm do with a check (抽查): drawn, answered, judged, concluded."""

from __future__ import annotations

from services.console.rendering.codes import codes_of
from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_PAGE, _HERE = "/checks/{check}", "/jobs/v1/checks/{check}"
_LINE = "/lines/{line}"

FORMS = {
    "/checks/new": Form(
        "jobs.check.create",
        N_("发起抽查"),
        "POST",
        "/jobs/v1/checks",
        (
            Field("employer_uscc", N_("统一社会信用代码"), needed=True),
            Field("since", N_("录用起"), "day", needed=True),
            Field("until", N_("录用止"), "day", needed=True),
            Field("number", N_("抽几人"), "number", hint=N_("人数和比例填一项")),
            Field("share", N_("抽取比例（百分之几）"), "number"),
            Field("evidence", N_("要求的材料"), "many", "check_evidence", codes_of("check_evidence")),
            Field("due", N_("答复期限"), "day", needed=True),
        ),
        "/checks/{id}",
        hint=N_("由系统随机抽取，种子留存，谁都可以按同一种子重抽核对。"),
        said=N_("抽查已发起。"),
    ),
    f"{_PAGE}{_LINE}/answer": Form(
        "jobs.check.answer",
        N_("答复抽查"),
        "POST",
        f"{_HERE}{_LINE}/answer",
        (
            Field("answer", N_("答复"), "area", needed=True),
            Field("reference", N_("材料编号"), hint=N_("合同号、流水号或缴费凭证号；材料原件留在单位备查")),
        ),
        _PAGE,
        said=N_("答复已记录。"),
    ),
    f"{_PAGE}{_LINE}/judge": Form(
        "jobs.check.judge",
        N_("判定一条"),
        "POST",
        f"{_HERE}{_LINE}/judge",
        (
            Field("verdict", N_("判定"), "choice", "verdict", needed=True),
            Field("why", N_("理由"), "area", hint=N_("未兑现、未答复的要写明理由")),
        ),
        _PAGE,
        said=N_("判定已记录。"),
    ),
    f"{_PAGE}/conclude": Form(
        "jobs.check.conclude",
        N_("办结抽查"),
        "POST",
        f"{_HERE}/conclude",
        (
            Field("outcome", N_("结论"), "choice", "verdict", ("kept", "not_kept"), needed=True),
            Field("consequence", N_("处理"), "choice", "consequence", needed=True),
            Field("reason", N_("原因"), "area", needed=True),
            Field("until", N_("失信至"), "day", hint=N_("只有列入失信名单时填")),
        ),
        _PAGE,
        said=N_("抽查已办结。"),
    ),
}
