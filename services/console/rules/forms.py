"""Forms (表单) as data: which fields an operation takes, what was filled in as JSON, which refusal belongs to which field.

The service behind the address is the only judge of a value: what cannot be read as its kind is sent as it was typed, so that
the refusal names the field in the service's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Protocol

from libs.common.codes.divisions import divisions, find

Kind = Literal[
    "text",
    "area",
    "number",
    "yuan",
    "day",
    "month",
    "choice",
    "flag",
    "many",
    "words",
    "place",
    "places",
    "nodes",
    "sealed",
    "hidden",
    "pick",
    "picks",
    "told",
]

# Between the words of a list that is typed.
_BETWEEN = re.compile(r"[\s,，、;；]+")

# Every field of a form that changes something says beside it what stood there when it was opened.
WAS = "was."


@dataclass(frozen=True)
class Field:
    """One field: its JSON member (`wish.willing` stands in an object), its label, and how it is filled in.

    `codes` is a kind of codes.json; `options` are its codes where not all of them may be chosen here, or values that
    name themselves. A `place` and `places` are typed by name and sent by code, `nodes` by the id of their node. A `sealed` field is masked by the service: it is never filled in beforehand, and left blank it stays. What is `told` is shown and never sent. A `pick` is a vacancy or a course, chosen by name from the list at the
    address `listed`, and sent by id, `picks` are several. The list is `narrowed` by parameters; one without a value has that of the
    form's field of its name.
    """

    name: str
    label: str
    kind: Kind = "text"
    codes: str = ""
    options: tuple[str, ...] = ()
    needed: bool = False
    hint: str = ""
    suggest: str = ""
    today: bool = False
    listed: str = ""
    narrowed: tuple[tuple[str, str], ...] = ()

    @property
    def pointer(self) -> str:
        """Where a refusal of this field points to (RFC 6901)."""
        return "/" + self.name.replace(".", "/")


@dataclass(frozen=True)
class Form:
    """One operation as a page: `{names}` of the page's path stand in `address`, `source` and `done`.

    `source` is the address whose answer fills the form in and whose version it is based on.
    """

    action: str
    title: str
    method: str
    address: str
    fields: tuple[Field, ...]
    done: str
    source: str = ""
    hint: str = ""
    button: str = ""
    said: str = ""

    @property
    def changes(self) -> bool:
        """Whether only what is other than before is sent."""
        return self.method == "PATCH"


class Refused(Protocol):
    """One refused field, as a problem tells it."""

    @property
    def pointer(self) -> str: ...

    @property
    def message(self) -> str: ...


Filled = Mapping[str, Sequence[str]]


def filled_from(form: Form, data: Mapping[str, Any], today: str = "") -> dict[str, list[str]]:
    """A form as it is opened: what stands there, as text; a day that is mostly today begins as today."""
    filled = {each.name: _texts(each, _member(data, each.name)) for each in form.fields}
    return filled | {each.name: [today] for each in form.fields if each.today and today and not filled[each.name]}


def body_of(form: Form, filled: Filled) -> dict[str, Any]:
    """What the operation is sent: blank fields are left out; of a change, only what differs from what stood there."""
    body: dict[str, Any] = {}
    for each in form.fields:
        if each.kind == "told":
            continue
        texts = [text.strip() for text in filled.get(each.name, ()) if text.strip()]
        if form.changes and not _differs(each, texts, filled):
            continue
        if texts or form.changes:
            _put(body, each.name, _value(each, texts))
    return body


def errors_by_field(form: Form, errors: Iterable[Refused]) -> tuple[dict[str, str], list[str]]:
    """The refusals beside their fields (`/health/2` belongs to `health`), and those that belong to none."""
    beside: dict[str, str] = {}
    others: list[str] = []
    for error in errors:
        field = next((each for each in form.fields if _points(error.pointer, each.pointer)), None)
        if field is None:
            others.append(error.message)
        else:
            beside[field.name] = error.message
    return beside, others


def changed_meanwhile(form: Form, filled: Filled, now: Filled) -> set[str]:
    """The fields of a change in which something else stands now than when the form was opened."""
    told = [each for each in form.fields if form.changes and each.kind != "sealed"]
    return {each.name for each in told if sorted(now.get(each.name, ())) != sorted(filled.get(WAS + each.name, ()))}


def _points(pointer: str, field: str) -> bool:
    return pointer == field or pointer.startswith(field + "/")


def _differs(field: Field, texts: list[str], filled: Filled) -> bool:
    if field.kind == "sealed":
        return bool(texts)
    return sorted(texts) != sorted(text for text in filled.get(WAS + field.name, ()) if text)


def _value(field: Field, texts: list[str]) -> Any:
    if field.kind in ("many", "picks"):
        return texts
    if field.kind in _LISTED:
        return [_LISTED[field.kind](word) for text in texts for word in _BETWEEN.split(text) if word]
    text = texts[0] if texts else None
    if text is None:
        return "" if field.kind in ("text", "area") else None
    if field.kind == "flag":
        return {"true": True, "false": False}.get(text, text)
    if field.kind == "place":
        return getattr(find(text), "code", text)
    if field.kind == "number":
        return int(text) if text.lstrip("-").isdecimal() else text
    return _fen(text) if field.kind == "yuan" else text


def _code_of(name: str) -> str:
    """The code of a division by its full or short name; two digits for a province, as wishes have them."""
    division = find(name)
    if division is None:
        return name
    return division.code[:2] if division.is_province else division.code


def _node_of(name: str) -> str:
    division = find(name)
    return f"n{division.code}" if division else name


# Kinds of lists that are typed in one line, and what a word of theirs is sent as.
_LISTED: Mapping[Kind, Callable[[str], str]] = {"words": str, "places": _code_of, "nodes": _node_of}


def _name_of(code: str) -> str:
    division = divisions().get(code.ljust(6, "0"))
    return division.name if division else code


def _fen(text: str) -> int | str:
    """Yuan as typed, in fen; what is no amount, or has parts of a fen, goes as it is."""
    try:
        fen = Decimal(text.replace(",", "").replace("，", "")) * 100
    except InvalidOperation:
        return text
    return int(fen) if fen.is_finite() and fen == fen.to_integral_value() else text


def _member(data: Mapping[str, Any], name: str) -> Any:
    value: Any = data
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _texts(field: Field, value: Any) -> list[str]:
    if value is None or field.kind == "sealed" or _means_another(field, value):
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if field.kind == "place":
        return [_name_of(str(value))]
    if isinstance(value, list | tuple):
        words = [_name_of(str(each)) if field.kind == "places" else str(each) for each in value]
        return words if field.kind in ("many", "picks") else ["、".join(words)] if words else []
    return [f"{Decimal(value) / 100:f}"] if field.kind == "yuan" else [str(value)]


def _means_another(field: Field, value: Any) -> bool:
    """What stands in the record under that name is a code of another kind: why somebody was rejected is no reason to withdraw."""
    return field.kind == "choice" and bool(field.codes and field.options) and str(value) not in field.options


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    *objects, last = name.split(".")
    for each in objects:
        body = body.setdefault(each, {})
    body[last] = value
