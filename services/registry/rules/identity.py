"""The identity number first (证件号码): it says the birth date and the sex, and whatever is said beside it must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.problems import FieldError, said_in_both
from services.registry.rules.numbers import IdNumber
from services.registry.rules.wording import WORDS


def number_errors(said: Mapping[str, Any], number: IdNumber) -> list[FieldError]:
    """What is wrong with the number, or with a birth date or a sex that it contradicts, each at its field."""
    if number.problem:
        return [field_error("number", number.problem)]
    follows = {"birth_date": (number.birth, "birth_id_mismatch"), "sex": (number.sex, "sex_id_mismatch")}
    return [
        field_error(field, code) for field, (true, code) in follows.items() if said.get(field) and said[field] != true
    ]


def field_error(field: str, code: str) -> FieldError:
    """A finding of the imports as the refusal of a field."""
    return FieldError(f"/{field}", code, said_in_both(*WORDS[code]))
