"""What the register shows of a fact where no purpose was given (掩码): in lists, in the history of changes, in a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from libs.common.masks import mask_name, mask_number, mask_phone


def _hide(_: str) -> str:
    return "***"


# A birth date has no digit that could be shown; of a household's or a member's number none is needed.
MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "number": mask_number,
    "phone": mask_phone,
    "household_phone": mask_phone,
    "person_no": _hide,
    "household_no": _hide,
    "birth_date": _hide,
}


def mask_fact(field: str, value: Any) -> Any:
    """The value as everybody may see it who may see the person; what is empty hides nothing."""
    return MASKS[field](str(value)) if value and field in MASKS else value
