"""The two sheets of jobs as they are put right (表样与更正): what is hidden of a contact, and by what a row is known.

A vacancy is known by all that its row says, so one that is in is put right on its own page.
"""

from __future__ import annotations

from libs.common.imports.form import SheetForm
from libs.common.masks import mask_name, mask_phone
from services.jobs.rules import layouts, templates

_MASKS = {"联系人": mask_name, "联系电话": mask_phone}
_FREE = frozenset({"统一社会信用代码"})

EMPLOYERS_FORM = SheetForm(layouts.EMPLOYERS, templates.EMPLOYERS, keys=("统一社会信用代码",), masks=_MASKS, free=_FREE)
VACANCIES_FORM = SheetForm(layouts.VACANCIES, templates.VACANCIES, masks=_MASKS, free=_FREE)
