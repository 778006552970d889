"""How an operation's body is read: JSON at once and strictly, a form with counted fields, its files to disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import Any

from fastapi import Request, params
from fastapi.dependencies.models import Dependant
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from libs.common import problems
from libs.common.api.bounded_body import BoundedBody, announces_body, check_length
from libs.common.api.json_body import parse_json
from libs.common.problems import Problem

Reader = Callable[[Request, Mapping[bytes, bytes]], Awaitable[Request]]

JSON_SECONDS = 30.0
# A file of 200 MB over three megabits a second.
FILE_SECONDS = 600.0
# A body up to this size is parsed in the event loop, in a few milliseconds at most.
AT_ONCE_BYTES = 32 * 1024
MAX_FIELDS = 50
MAX_FIELD_BYTES = 64 * 1024


class _ReadRequest(Request):
    """A request whose JSON body has been read."""

    def __init__(self, request: Request, content: bytes):
        super().__init__(request.scope, request.receive)
        self._body = self.content = content

    async def json(self) -> Any:
        return self._document

    def parse(self) -> None:
        self._document = parse_json(self._body) if self._body else None


@dataclass(frozen=True)
class JsonReader:
    """Reads a JSON body whole and parses it once, before any dependency sees it."""

    limit: int

    async def __call__(self, request: Request, headers: Mapping[bytes, bytes]) -> Request:
        check_length(headers, self.limit)
        _check_media(headers, _is_json, "application/json")
        bounded = Request(request.scope, BoundedBody(request.receive, self.limit, JSON_SECONDS))
        read = _ReadRequest(request, await _whole(bounded))
        if len(read.content) > AT_ONCE_BYTES:
            await asyncio.to_thread(read.parse)  # a hundred thousand values would hold the loop
        else:
            read.parse()
        return read


@dataclass(frozen=True)
class FormReader:
    """Reads a form: fields counted and bounded, at most the files that the operation takes, each spooled to disk."""

    limit: int
    files: int

    async def __call__(self, request: Request, headers: Mapping[bytes, bytes]) -> Request:
        wanted = "multipart/form-data" if self.files else "application/x-www-form-urlencoded"
        check_length(headers, self.limit)
        _check_media(headers, _is_form, wanted)
        bounded = Request(
            request.scope, BoundedBody(request.receive, self.limit, FILE_SECONDS if self.files else JSON_SECONDS)
        )
        await _form(bounded, self.files)
        return bounded


@dataclass(frozen=True)
class NoBody:
    """An operation that takes none: what is sent all the same is bounded if anybody reads it."""

    limit: int

    async def __call__(self, request: Request, headers: Mapping[bytes, bytes]) -> Request:
        check_length(headers, self.limit)
        return Request(request.scope, BoundedBody(request.receive, self.limit, JSON_SECONDS))


def reader_of(operation: Dependant, body: Any, json_bytes: int, file_bytes: int) -> Reader:
    """The reader that fits the body which an operation declares."""
    if body is None:
        return NoBody(json_bytes)
    if not isinstance(body.field_info, params.Form):
        return JsonReader(json_bytes)
    files = sum(isinstance(field.field_info, params.File) for field in _body_fields(operation))
    return FormReader(file_bytes if files else json_bytes, files)


def _body_fields(operation: Dependant) -> Iterator[Any]:
    yield from operation.body_params
    for each in operation.dependencies:
        yield from _body_fields(each)


async def _whole(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect as error:
        raise _broken_off() from error


async def _form(request: Request, files: int) -> FormData:
    try:
        return await request.form(max_files=files, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    except ClientDisconnect as error:
        raise _broken_off() from error
    except Problem:
        raise
    except HTTPException as error:
        raise problems.BadRequest(f"表单无法读取 The form cannot be read: {error.detail}") from error
    except Exception as error:  # the parser has no one error for what is no form
        raise problems.BadRequest("表单无法读取 The form cannot be read.") from error


def _broken_off() -> Problem:
    return problems.BadRequest("请求体未发完 The body broke off.")


def _check_media(headers: Mapping[bytes, bytes], fits: Callable[[str], bool], wanted: str) -> None:
    """Refuse what the operation does not take: another media type, a charset that is not UTF-8, a packed body."""
    if not announces_body(headers):
        return
    given, charset = _media_of(headers.get(b"content-type", b""))
    if not fits(given):
        raise problems.Unsupported(f"需要「{wanted}」，收到「{given or '—'}」 Expected {wanted}, got {given or '—'}.")
    if charset.lower().replace("_", "-") not in ("utf-8", "utf8", "us-ascii"):
        raise problems.Unsupported("只收 UTF-8 编码 Send UTF-8.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise problems.Unsupported("请勿压缩 Send the body unpacked.", headers={"Accept-Encoding": "identity"})


@lru_cache(256)
def _media_of(said: bytes) -> tuple[str, str]:
    head = Message()
    head["content-type"] = said.decode("latin-1")
    return head.get_content_type() if said else "", str(head.get_param("charset", "utf-8"))


def _is_json(media: str) -> bool:
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _is_form(media: str) -> bool:
    return media in ("multipart/form-data", "application/x-www-form-urlencoded")
