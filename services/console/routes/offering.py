"""What can be done from a page (下一步): the forms that the role may open, where the row stands so that they make sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.console.routes.forms import FORMS
from services.console.routes.pages import PageContext
from services.console.rules.listings import Step


def offered_steps(frame: PageContext, steps: Iterable[Step], row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Address and title of each form, in the order of the work."""
    return [
        (step.address(row), FORMS[step.path].title)
        for step in steps
        if step.begins_at(row, frame.level) and frame.may(FORMS[step.path].action)
    ]
