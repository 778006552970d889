"""Errors as answers: RFC 9457 problems, one class each with its status; domain problems subclass these beside their rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

MEDIA_TYPE = "application/problem+json"

# Where the English of a text begins: at a capitalised word right after Chinese, or else at the first one behind it.
_CHINESE = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_ENGLISH = r"\s+([A-Z][a-z]*(?:[\s,:].*)?)"
_TURNS = [re.compile(form, re.DOTALL) for form in (f"(.*{_CHINESE}){_ENGLISH}", f"(.*?{_CHINESE}.*?){_ENGLISH}")]


def halves(text: str) -> tuple[str, str]:
    """The Chinese and the English of a text that says both, "中文 English"; what stands in one language alone is both.

    So that they can be told apart, the English begins with a plain capitalised word and a value that ends the Chinese
    stands in 「」; and each half names all values, since a page shows one of them.
    """
    for turn in _TURNS:
        if found := turn.fullmatch(text):
            return found[1], found[2]
    return text, text


def said_in_both(chinese: str, english: str) -> str:
    """A text of two halves that can be told apart again."""
    return f"{chinese} {english[:1].upper()}{english[1:]}"


def one_of(known: Iterable[object]) -> str:
    """What may stand in a field, said to whoever gave something else."""
    names = ", ".join(map(str, known)) or "—"
    return f"可用的有「{names}」 One of: {names}"


@dataclass(frozen=True)
class FieldError:
    """One refused field: JSON pointer into the request, a stable code, and a sentence."""

    pointer: str
    code: str
    message: str


class Problem(Exception):
    """A refusal that the caller can act on. The type is `urn:xieli:problem:<class name in kebab case>`."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "请求有误 Bad request"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, Any] | None = None,
    ):
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})

    @classmethod
    def type(cls) -> str:
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        return f"urn:xieli:problem:{name}"

    def body(self, instance: str) -> dict[str, Any]:
        """The problem as JSON: type, title, status, detail, instance, the refused fields, and members of its own kind."""
        body: dict[str, Any] = {"type": self.type(), "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        body["instance"] = instance
        if self.errors:
            body["errors"] = [asdict(error) for error in self.errors]
        return body | self.extensions


class BadRequest(Problem):
    pass


class Unauthenticated(Problem):
    status = 401
    title = "未登录或令牌无效 Not authenticated"


class Forbidden(Problem):
    status = 403
    title = "无权限 Not allowed"


class NotFound(Problem):
    status = 404
    title = "没有找到 Not found"


class MethodNotAllowed(Problem):
    status = 405
    title = "方法不允许 Method not allowed"


class RequestTimeout(Problem):
    status = 408
    title = "请求体超时 The request took too long"


class Conflict(Problem):
    status = 409
    title = "状态冲突 Conflict"


class Gone(Problem):
    status = 410
    title = "已不再保留 No longer kept"


class Stale(Problem):
    status = 412
    title = "已被他人修改 Changed by somebody else meanwhile"


class TooLarge(Problem):
    status = 413
    title = "内容过大 Too large"


class Unsupported(Problem):
    status = 415
    title = "媒体类型不支持 Unsupported media type"


class Invalid(Problem):
    status = 422
    title = "内容无效 Not valid"


class PreconditionRequired(Problem):
    status = 428
    title = "缺少 If-Match Precondition required"


class TooManyRequests(Problem):
    status = 429
    title = "请求过多 Too many requests"


class Unexpected(Problem):
    status = 500
    title = "内部错误 Unexpected error"


class Unavailable(Problem):
    status = 503
    title = "暂不可用 Unavailable"


def refuse_field(pointer: str, code: str, message: str) -> Invalid:
    """The most common refusal: one field of the request, by JSON pointer."""
    return Invalid(message, errors=[FieldError(pointer, code, message)])
