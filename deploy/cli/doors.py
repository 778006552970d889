"""What a node's door says to a command: its answer, or the reasons of its refusal in one sentence."""

from __future__ import annotations

import httpx
from pydantic import BaseModel

from deploy.local.errors import OperatorError


class Refused(OperatorError):
    """The node, or the file, says no, or nothing."""


class _FieldFault(BaseModel):
    message: str


class _Refusal(BaseModel):
    """A problem (RFC 9457), as far as a command tells of it."""

    title: str = ""
    detail: str = ""
    errors: list[_FieldFault] = []


def accept(answer: httpx.Response) -> httpx.Response:
    """An answer that is none of refusal; raises Refused with the problem's title and reasons."""
    if answer.is_error:
        raise Refused(words_of(answer.json(), answer.status_code))
    return answer


def words_of(body: object, status: int | str = "") -> str:
    """A problem's title and reasons."""
    problem = _Refusal.model_validate(body)
    reasons = [error.message for error in problem.errors] or [problem.detail]
    return f"{problem.title or status}: {'; '.join(reasons)}"
