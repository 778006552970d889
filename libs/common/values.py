"""What a text, a number, a day may be (取值), one type for each kind of value: whatever comes in at any door has one of these.

A type refuses what would break or deceive further in: characters nobody sees, numbers the database cannot hold, days of no life.
Types are told apart by their `Kind`; a test walks all doors and finds whatever has none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from libs.common.codes.credit_codes import is_credit_code, is_old_number
from libs.common.codes.divisions import divisions
from libs.common.node import Clock

T = TypeVar("T")

INT4, INT8 = 2**31 - 1, 2**63 - 1
FIRST_DAY, AHEAD = date(1900, 1, 1), timedelta(days=731)
# Controls, formats (bidi, zero width, soft hyphen, tags), surrogates, line and paragraph separators. Private use stays: rare
# characters of names are kept there.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# The same for readers of the document, as far as the Basic Multilingual Plane goes.
SEEN_PATTERN = (
    r"^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]*$"
)


@dataclass(frozen=True)
class Kind:
    """Marks a type as one that a door may have, by the name of its kind; `pattern` is what the document says of its texts."""

    name: str
    pattern: str | None = None

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | ({"pattern": self.pattern} if self.pattern else {})


# --- texts


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing by itself, or is none at all."""
    return (
        unicodedata.category(character) in _UNSEEN
        or ord(character) & 0xFFFE == 0xFFFE
        or "\ufdd0" <= character <= "\ufdef"
    )


def has_unseen(text: str) -> bool:
    """NUL, controls, line breaks, bidi marks, zero widths, lone surrogates."""
    return not text.isprintable() and any(map(is_unseen, text))


def check_seen(text: str) -> str:
    if has_unseen(text):
        raise PydanticCustomError("text_unseen", "不得含控制字符或不可见字符 No control or invisible characters")
    return text


def _tidy(value: Any) -> Any:
    """Outer spaces go, characters are composed (NFC). `strip()` alone would take line breaks and controls for spaces."""
    return unicodedata.normalize("NFC", value).strip(_SPACES) if isinstance(value, str) else value


# One line of text; a field bounds it further with `Field(max_length=…)`.
Text = Annotated[
    str,
    Strict(),
    StringConstraints(max_length=2000),
    AfterValidator(check_seen),
    BeforeValidator(_tidy),
    Kind("text", SEEN_PATTERN),
]
Label = Annotated[Text, Field(max_length=60)]
Sentence = Annotated[Text, Field(min_length=1, max_length=500)]
# A word of a program: a policy, a topic, a key that a caller has made up.
Token = Annotated[str, Strict(), StringConstraints(pattern=r"^[!-~]{1,200}$", max_length=200), Kind("token")]
# The value of a header, such as a list of ETags.
HeaderText = Annotated[str, Strict(), StringConstraints(pattern=r"^[ -~]{0,1000}$", max_length=1000), Kind("header")]
# A password is taken as it is: not trimmed, not composed.
Password = Annotated[
    str, Strict(), StringConstraints(max_length=200), AfterValidator(check_seen), Kind("password", SEEN_PATTERN)
]


def sound_filename(name: str | None) -> str:
    """A file's name as it is kept: what shows nothing is left out, and so is what is long."""
    seen = "".join(character for character in name or "" if not is_unseen(character))
    return unicodedata.normalize("NFC", seen).strip()[-200:] or "sheet.xlsx"


# --- numbers

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,18})")


def _read_literal(value: Any) -> Any:
    """Texts of an address or a form as the numbers and truth values that they write; anything else stays what it is."""
    if not isinstance(value, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    return int(value) if _NUMBER.fullmatch(value) else value


# `Asked[Count]` is a Count in a query, a path or a form, where everything is text. In JSON a number is a number.
Asked = Annotated[T, BeforeValidator(_read_literal)]
Integer = Annotated[int, Strict(), Field(ge=-INT4 - 1, le=INT4), Kind("integer")]
Count = Annotated[int, Strict(), Field(ge=0, le=INT4), Kind("count")]
RowNumber = Annotated[int, Strict(), Field(ge=1, le=INT8), Kind("row number")]
Flag = Annotated[bool, Strict(), Kind("flag")]


def _read_seconds(value: Any) -> Any:
    return float(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value) else value


Seconds = Annotated[
    float, Strict(), Field(ge=0, le=86_400, allow_inf_nan=False), BeforeValidator(_read_seconds), Kind("seconds")
]

# --- days

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _read_day(value: Any) -> date:
    """A day as ISO 8601 writes it, and in no other way: no time, no number."""
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("day", "日期形如 2017-03-31 A day is written as 2017-03-31")


def _within(latest: date, day: date) -> date:
    if not FIRST_DAY <= day <= latest:
        bounds = {"first": str(FIRST_DAY), "last": str(latest)}
        raise PydanticCustomError(
            "day_range", "日期须在 {first} 至 {last} 之间 A day lies within {first} and {last}", bounds
        )
    return day


def _check_day(day: date) -> date:
    return _within(Clock().today() + AHEAD, day)


def _check_past(day: date) -> date:
    return _within(Clock().today(), day)


_DAY_SCHEMA = {"type": "string", "format": "date", "examples": ["2017-03-31"]}
Day = Annotated[
    date,
    AfterValidator(_check_day),
    BeforeValidator(_read_day),
    WithJsonSchema({**_DAY_SCHEMA, "description": f"{FIRST_DAY} to two years from today"}, mode="validation"),
    Kind("day"),
]
# A day on which something has happened.
PastDay = Annotated[
    date,
    AfterValidator(_check_past),
    BeforeValidator(_read_day),
    WithJsonSchema({**_DAY_SCHEMA, "description": f"{FIRST_DAY} to today"}, mode="validation"),
    Kind("past day"),
]
Month = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^(19[0-9]{2}|20[0-9]{2}|2100)-(0[1-9]|1[0-2])$"),
    Field(examples=["2017-03"]),
    Kind("month"),
]
Quarter = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^(19[0-9]{2}|20[0-9]{2}|2100)Q[1-4]$"),
    Field(examples=["2017Q1"]),
    Kind("quarter"),
]

# --- codes


def _check_division(code: str) -> str:
    """Counties beyond the list are let in, provinces that there are not are refused."""
    if f"{code[:2]}0000" not in divisions():
        raise PydanticCustomError("division", "没有这个行政区划 No such division")
    return code


Division = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^[1-9][0-9]{5}$"),
    AfterValidator(_check_division),
    Field(examples=["433124"]),
    Kind("division"),
]
# A place of any size as the wishes write it: 44 is the province, 440300 the city.
Region = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^[1-9][0-9]([0-9]{2}){0,2}$"),
    AfterValidator(_check_division),
    Kind("region"),
]
NodeName = Annotated[
    str, Strict(), StringConstraints(pattern=r"^n[1-9][0-9]{5}$"), Field(examples=["n433124"]), Kind("node")
]
Phone = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^1[3-9][0-9]{9}$"),
    BeforeValidator(_tidy),
    Field(examples=["15400000001"]),
    Kind("phone"),
]


def _check_uscc(code: str) -> str:
    if not (is_credit_code(code) or is_old_number(code)):
        raise PydanticCustomError(
            "uscc", "统一社会信用代码有误，请核对每一位 The credit code is wrong: compare it sign by sign"
        )
    return code


# 统一社会信用代码 of 18 characters, or the old registration number of 15 digits.
Uscc = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^([0-9A-HJ-NP-RTUW-Y]{18}|[0-9]{15})$"),
    AfterValidator(_check_uscc),
    BeforeValidator(_tidy),
    Field(examples=["91440300XL0000066R"]),
    Kind("uscc"),
]
OccupationGroup = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[1-9]-[0-9]{2}$"), Field(examples=["6-25"]), Kind("occupation")
]
