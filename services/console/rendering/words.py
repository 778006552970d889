"""Sentences in the reader's language (词语): gettext catalogues, whose source is the Chinese that stands in templates and code."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from libs.common.problems import halves

CATALOGUES = Path(__file__).parents[1] / "words"

# As pages name a language, and as numbers and dates are written in it; the first is the source.
LANGUAGES = {"zh": Locale.parse("zh_CN"), "en": Locale.parse("en")}
SOURCE = next(iter(LANGUAGES))


def N_(message: str) -> str:
    """Marks a sentence in the code that a template translates where it shows it."""
    return message


def catalogue(language: str) -> Catalog:
    """The sentences of a language as its translators left them."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=LANGUAGES[language])


def half(language: str, text: str) -> str:
    """The half of a problem's text, "中文 English", that is in the language of the page."""
    chinese, english = halves(text)
    return chinese if language == SOURCE else english


@cache
def translations(language: str) -> NullTranslations:
    """Chinese is there by itself; what has no translation is shown in Chinese."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(compiled)
