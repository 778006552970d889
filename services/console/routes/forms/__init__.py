"""Forms (表单): a page for every operation that changes something, each a few lines of data before the same HTTP address."""

from __future__ import annotations

from fastapi import APIRouter

from services.console.routes.forms import (
    agreements,
    checks,
    employers,
    fairs,
    jobs,
    matching,
    misjudged,
    own,
    registry,
    retention,
    rounds,
    training,
)
from services.console.routes.forms.showing import add_form

pages = APIRouter(include_in_schema=False)

FORMS = (
    registry.FORMS
    | rounds.FORMS
    | jobs.FORMS
    | agreements.FORMS
    | checks.FORMS
    | misjudged.FORMS
    | employers.FORMS
    | fairs.FORMS
    | matching.FORMS
    | retention.FORMS
    | own.FORMS
    | training.FORMS
)

for _path, _form in FORMS.items():
    add_form(pages, _path, _form)
