"""What is left of a person's particulars where no purpose was given: the same for everybody who differs only in what is hidden."""

from __future__ import annotations

from datetime import date

# Nothing of a number but its division: the last digits and the birth date find a person together with the name.
_NUMBER, _DIVISION = 18, 6
_PHONE, _NETWORK = 11, 3

# 年龄段: they begin at 16 and end at 59 as identification does, and one begins at 45 as a reserve group does.
BANDS = ((0, 15), (16, 19), *((first, first + 4) for first in range(20, 60, 5)))
OLDEST = "60+"
_BAND_OF = {age: f"{first}-{last}" for first, last in BANDS for age in range(first, last + 1)}


def mask_name(name: str) -> str:
    """张三, 张三丰 -> 张**: not even how long it is."""
    return f"{name[:1]}**"


def mask_number(number: str) -> str:
    """The six figures of the division: 433124************."""
    return number[:_DIVISION].ljust(_NUMBER, "*")


def mask_phone(phone: str) -> str:
    """That there is one, and of which network: 138********."""
    return phone[:_NETWORK].ljust(_PHONE, "*")


def year_end(today: date) -> date:
    """The day on which ages are counted where nobody may choose one: the last 31 December."""
    return date(today.year - 1, 12, 31)


def age_band(birth: date, today: date) -> str:
    """年龄段 on the last 31 December, e.g. 30-34. It follows from the year of birth: neither a chosen day nor waiting for a
    birthday tells more than that."""
    return band_of(year_end(today).year - birth.year)


def band_of(age: int) -> str:
    """The band of an age in full years."""
    return _BAND_OF.get(age, OLDEST) if age >= 0 else _BAND_OF[0]
