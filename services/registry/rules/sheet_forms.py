"""The registry's two sheets as they are put right (表样与更正): what is hidden of a person, and by what a row is known."""

from __future__ import annotations

from libs.common.imports.form import SheetForm
from services.registry.rules import layouts, templates
from services.registry.rules.masking import MASKS

# Column -> what it says of a person.
_SAYS = {
    "姓名": "name",
    "证件号码": "number",
    "户编号": "household_no",
    "人口编号": "person_no",
    "出生日期": "birth_date",
    "户联系电话": "household_phone",
    "成员联系电话": "phone",
    "户主姓名": "name",
    "户主证件号码": "number",
    "配偶证件号码": "number",
    "联系方式有变": "phone",
}
_MASKS = {column: MASKS[fact] for column, fact in _SAYS.items()}

PEOPLE_FORM = SheetForm(
    layouts.PEOPLE,
    templates.PEOPLE,
    keys=("证件号码",),
    masks=_MASKS,
    whole=frozenset({"head_missing", "head_multiple", "spouse_multiple", "possible_duplicate"}),
)
WISHES_FORM = SheetForm(
    layouts.WISHES,
    templates.WISHES,
    keys=("证件号码", "走访日期"),
    masks=_MASKS,
    whole=frozenset({"wish_fellows_alone", "wish_fellows_too_many"}),
)
