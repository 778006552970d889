"""What can be done from a page (下一步): the forms that the role may open, where the row stands so that they make sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.console.rendering.words import N_
from services.console.routes.forms import FORMS
from services.console.routes.pages import PageContext
from services.console.rules.listings import Offered, Step

# Pages that are more than a form.
_PAGES = {
    "/agreements/{agreement}/progress": Offered("jobs.agreement.progress", N_("协议进度")),
    "/quarters/{quarter}/entries": Offered("jobs.quarter.entries", N_("季度签认明细")),
    "/fairs/{fair}": Offered("matching.fair.show", N_("参会岗位和报名")),
    "/fairs/{fair}/desk": Offered("matching.fair.sign", N_("报名、到场与签约")),
    "/fairs/{fair}/visitors": Offered("matching.fair.list_visitors", N_("参会人员")),
    "/fairs/{fair}/scanned": Offered("registry.self_sign_up.list", N_("扫码报名")),
    "/fairs/{fair}/poster": Offered("matching.fair.sign", N_("打印报名海报")),
    "/fairs/{fair}/gate": Offered("matching.fair.list_visitors", N_("打印入场名单")),
    "/fairs/{fair}/results": Offered("matching.fair.results", N_("招聘会结果")),
    "/people/{person}/same": Offered("registry.duplicate.decide", N_("与另一条登记是同一人")),
    "/people/{person}/move": Offered("registry.labourer.move", N_("迁户")),
    "/runs/{run}/allot": Offered("matching.run.allot", N_("给本轮名额")),
    "/households/{household}/split": Offered("registry.household.split", N_("分户")),
    "/households/{household}/join": Offered("registry.household.join", N_("并户")),
}
OFFERED = {path: Offered(form.action, form.title) for path, form in FORMS.items()} | _PAGES


def offered_steps(frame: PageContext, steps: Iterable[Step], row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Address and title of each form, in the order of the work."""
    return [
        (step.address(row), OFFERED[step.path].title)
        for step in steps
        if step.begins_at(row, frame.level) and frame.may(OFFERED[step.path].action)
    ]
