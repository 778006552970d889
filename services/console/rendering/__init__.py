"""Pages from templates (页面): Jinja2 with escaping on, one environment for each language with its words, numbers and dates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from services.console.rendering.codes import codes_of, name_code, occupation, place, tone
from services.console.rendering.formats import FORMATS
from services.console.rendering.words import LANGUAGES, half, translations
from services.console.rules.paging import SIZES
from services.console.rules.regions import write_region

HERE = Path(__file__).parents[1]

# What a template calls codes, divisions and occupations by.
SPOKEN: dict[str, Callable[..., str]] = {"name": name_code, "place": place, "occupation_name": occupation}


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
def environment(language: str) -> Environment:
    """What a template may call in any place, its imported macros included; nothing of it needs to be handed in."""
    templates = Environment(
        loader=PackageLoader("services.console"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    templates.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    templates.filters.update({name: partial(form, LANGUAGES[language]) for name, form in FORMATS.items()})
    templates.filters["half"] = partial(half, language)
    templates.filters["region"] = write_region
    templates.globals.update(SIZES=SIZES, asset=asset, codes_of=codes_of, link=link, tone=tone, lang=language)
    templates.globals.update({name: partial(speak, language) for name, speak in SPOKEN.items()})
    return templates


def render(template: str, language: str, **context: Any) -> str:
    """One page as HTML. What is handed in takes no name that every template calls: `place` as a value breaks the frame."""
    templates = environment(language)
    if taken := context.keys() & templates.globals.keys():
        raise TypeError(f"{template} is handed {', '.join(sorted(taken))}, which every template calls already")
    return templates.get_template(template).render(**context)
