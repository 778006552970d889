"""A form on a page: opened with what stands there, sent in the person's name, shown again with each refusal beside its field.

A version that somebody has changed meanwhile loses nothing: what was filled in stays, what stands there now is told beside
it, and sending again replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from services.console.clients import Answer
from services.console.routes.drafts import drop_draft, find_draft
from services.console.routes.pages import go_to
from services.console.routes.session import Visitor, visits
from services.console.rules.forms import Filled, Form, body_of, changed_meanwhile, errors_by_field, filled_from

STALE = 412
# As many as one page of a list has.
MOST_PICKED = "200"


def add_form(pages: APIRouter, path: str, form: Form) -> None:
    """The two routes of a form at a page's path."""

    async def open_form(request: Request, visitor: Visitor = visits(form.action)) -> Response:
        return await _open(visitor, form, request)

    async def send_form(request: Request, visitor: Visitor = visits(form.action)) -> Response:
        return await _send(visitor, form, request)

    pages.add_api_route(path, open_form, methods=["GET"])
    pages.add_api_route(path, send_form, methods=["POST"])


async def _open(visitor: Visitor, form: Form, request: Request) -> Response:
    places = _places(visitor, request)
    source = await _source(visitor, form, places)
    if draft := find_draft(request, visitor.context, visitor.account.login):
        answer = await show_form(visitor, form, places, draft, source=source, kept=True)
        drop_draft(answer, visitor.context)
        return answer
    given = {**(source.data or {}), **request.query_params} if source.ok else {}
    return await show_form(
        visitor, form, places, filled_from(form, given, str(visitor.context.node.today())), source=source
    )


async def _send(visitor: Visitor, form: Form, request: Request) -> Response:
    places, posted = _places(visitor, request), await request.form()
    filled = filled_in(posted)
    key, version = str(posted.get("key", "")), str(posted.get("version", ""))
    answer = await visitor.send(
        form.method, form.address.format(**places), body_of(form, filled), version=version, key=key
    )
    if answer.ok:
        return go_to(form.done.format(**{**places, **_ids(answer)}), said=form.said)
    source = await _source(visitor, form, places)
    return await show_form(visitor, form, places, filled, source=source, refused=answer)


def _places(visitor: Visitor, request: Request) -> dict[str, Any]:
    """What stands in braces in a form's addresses: of the page's path, and the labourer herself."""
    return {**request.path_params, "me": visitor.me}


async def show_form(
    visitor: Visitor,
    form: Form,
    places: Mapping[str, Any],
    filled: Filled,
    *,
    source: Answer,
    refused: Answer | None = None,
    address: str = "",
    kept: bool = False,
) -> Response:
    """The page of a form, which sends to `address` where that is not its own. A key stands for one body: each showing has its own.

    `kept` is one that was filled in before the session ended.
    """
    beside, others = errors_by_field(form, refused.problem.errors if refused and refused.problem else ())
    now = filled_from(form, source.data or {}) if source.ok else {}
    stale, meanwhile = refused is not None and refused.status == STALE, changed_meanwhile(form, filled, now)
    return visitor.show(
        "form.html",
        source,
        refused,
        form=form,
        filled=filled,
        now=now,
        kept=kept,
        meanwhile=meanwhile if stale or (kept and meanwhile) else None,
        beside=beside,
        others=others,
        key=str(uuid4()),
        address=address,
        alike=_alike(refused),
        places=await _places_of(visitor, form),
        picks=await _picks_of(visitor, form, filled),
        back=form.done.format(**places) if "{id}" not in form.done else "",
    )


async def _source(visitor: Visitor, form: Form, places: Mapping[str, Any]) -> Answer:
    """What stands there now; a form that begins from nothing has nothing to ask."""
    return await visitor.ask(form.source.format(**places)) if form.source else Answer(200, {})


def filled_in(posted: FormData) -> dict[str, list[str]]:
    """A file is no field of a form like this: what is not text is left out."""
    return {name: [text for text in posted.getlist(name) if isinstance(text, str)] for name in posted}


def _ids(answer: Answer) -> dict[str, Any]:
    """The id of what was made; a run calls its own so."""
    made = answer.data if isinstance(answer.data, dict) else {}
    found = made.get("id") or made.get("run")
    return {"id": found} if found else {}


# The page of what an address is one of, where that is not a person.
_PAGES = {"employers": "employers"}


def _alike(refused: Answer | None) -> list[dict[str, Any]]:
    """Who is on record already, or perhaps, where that is why the form was refused."""
    told = (refused.problem.model_extra or {}) if refused and refused.problem else {}
    *_, kind, one = ("", "", *str(told.get("known_as") or "").split("/"))
    known = [{"id": one, "page": _PAGES.get(kind, "people")}] if one else []
    return [*known, *(told.get("candidates") or [])]


async def _places_of(visitor: Visitor, form: Form) -> list[dict[str, Any]]:
    """Townships with their villages, where a field suggests them."""
    if not any(each.suggest for each in form.fields):
        return []
    answer = await visitor.ask("/registry/v1/places")
    return list(answer.data["townships"] or []) if answer.ok else []


class Pick(NamedTuple):
    """What may be chosen: by whom it is offered, and how many places or openings are left."""

    id: str
    title: str
    by: str
    left: int


async def _picks_of(visitor: Visitor, form: Form, filled: Filled) -> dict[str, list[Pick]]:
    """By field what may be chosen: vacancies that have openings left, and courses, for which one may wait."""
    found: dict[str, list[Pick]] = {}
    for each in form.fields:
        if each.listed:
            asked = {name: value or next(iter(filled.get(name, ())), "") for name, value in each.narrowed}
            answer = await visitor.ask(each.listed, **asked, limit=MOST_PICKED)
            found[each.name] = [_pick(row) for row in answer.items if row.get("openings_left", True)]
    return found


def _pick(row: Mapping[str, Any]) -> Pick:
    by, left = (row.get(names[0]) or row.get(names[1]) for names in _MEMBERS)
    return Pick(str(row["id"]), str(row["title"]), str(by or ""), int(left or 0))


# Of a vacancy and of a course.
_MEMBERS = (("employer_name", "provider_name"), ("openings_left", "places_left"))
