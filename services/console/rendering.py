"""Pages from templates (页面): Jinja2 with escaping on, words in two languages, numbers and dates as officers read them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from libs.common.codes.divisions import divisions
from libs.common.codes.occupations import groups
from libs.common.node import SHANGHAI

HERE = Path(__file__).parent
LANGUAGES = ("zh", "en")


@cache
def words() -> dict[str, str]:
    """Chinese sentence -> English."""
    found: dict[str, str] = json.loads((HERE / "words" / "en.json").read_text(encoding="utf-8"))
    return found


@cache
def codes() -> dict[str, dict[str, list[str]]]:
    """Kind of code -> code -> [Chinese, English, tone of its tag]."""
    found: dict[str, dict[str, list[str]]] = json.loads((HERE / "words" / "codes.json").read_text(encoding="utf-8"))
    return found


def say(language: str, sentence: str, **values: object) -> str:
    """A sentence of a template in the reader's language; Chinese is the source and always there."""
    text = words().get(sentence, sentence) if language == "en" else sentence
    return text.format(**values) if values else text


def name_code(language: str, kind: str, code: object) -> str:
    """The name of a code; one that we do not know is shown as it is."""
    if code is None or code == "":
        return "—"
    known = codes().get(kind, {}).get(str(code))
    return known[LANGUAGES.index(language)] if known else str(code)


def place(language: str, code: object) -> str:
    """The name of a division or node (433124, n433124); one that is not in the code set is shown as it is."""
    division = divisions().get(str(code or "").removeprefix("n"))
    if division is None:
        return str(code or "—")
    return division.english if language == "en" else division.name


def occupation(language: str, code: object) -> str:
    """The name of a group of occupations (职业中类); nothing where the code set has none."""
    group = groups().get(str(code))
    if group is None:
        return ""
    return group.english if language == "en" else group.name


def tone(kind: str, code: object) -> str:
    """The colour class of a status tag: good, busy, bad or plain."""
    known = codes().get(kind, {}).get(str(code), [])
    return known[2] if len(known) > 2 else "plain"


def number(value: float | str | None) -> str:
    """1,234; a dash where nothing was stated; a small number that is not told as it came, `<5`."""
    return "—" if value is None else value if isinstance(value, str) else f"{value:,.0f}"


def yuan(fen: float | None) -> str:
    """Fen as yuan; cents only where there are any."""
    if fen is None:
        return "—"
    return f"{fen / 100:,.0f}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def mean(fen: float | None) -> str:
    """A mean in whole yuan: cents of a mean mean nothing."""
    return number(None if fen is None else fen / 100)


def percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def moment(text: str | datetime | None) -> str:
    """A point in time as it is read in Shanghai."""
    if not text:
        return "—"
    when = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return f"{when.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def seconds(value: float | None) -> str:
    """An age: 12 s, 3 min, 2 h."""
    if value is None:
        return "—"
    for size, unit in ((3600, "h"), (60, "min")):
        if value >= size:
            return f"{value / size:.0f} {unit}"
    return f"{value:.0f} s"


def link(path: str, **params: object) -> str:
    """A path with those parameters that are set."""
    given = {name: value for name, value in params.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


@cache
def asset(name: str) -> str:
    """A static file's address; the digest of its content in it lets browsers keep it for good."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def environment() -> Environment:
    templates = Environment(
        loader=PackageLoader("services.console"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(number=number, yuan=yuan, mean=mean, percent=percent, moment=moment, seconds=seconds)
    templates.globals.update(asset=asset, link=link, tone=tone)
    return templates


def render(template: str, language: str, **context: Any) -> str:
    """One page as HTML."""
    return (
        environment()
        .get_template(template)
        .render(
            lang=language,
            t=partial(say, language),
            name=partial(name_code, language),
            place=partial(place, language),
            occupation_name=partial(occupation, language),
            **context,
        )
    )
