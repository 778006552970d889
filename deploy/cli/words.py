"""words: the console's catalogues brought into line with its pages, by Babel's own commands."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import typer
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from deploy.cli.output import say
from deploy.local.paths import REPOSITORY

PYBABEL = [sys.executable, "-m", "babel.messages.frontend", "--quiet"]
# Which files hold sentences stands in pyproject.toml, where `pybabel` looks for it, too.
EXTRACT = ["extract", "--mapping-file=pyproject.toml", "--add-location=file", "--sort-by-file", "services/console"]
UPDATE = ["update", "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--no-wrap"]
CATALOGUES = REPOSITORY / "services" / "console" / "words"


def words() -> None:
    """Bring the console's words (词语) into line with its pages: what nobody says goes; exit 1 while a translation is missing."""
    with tempfile.TemporaryDirectory() as directory:
        template = Path(directory) / "messages.pot"
        extract(template)
        _run(*UPDATE, f"--input-file={template}", f"--output-dir={CATALOGUES}")
    missing = [f"{path.relative_to(REPOSITORY)}: {one}" for path in catalogues() for one in untranslated(read(path))]
    say("\n".join(missing) or "Every sentence has its translation.")
    raise typer.Exit(1 if missing else 0)


def extract(template: Path) -> Catalog:
    """Every sentence of templates and code and every name of a code, as a template for translators."""
    _run(*EXTRACT, f"--output-file={template}")
    return read(template)


def catalogues() -> list[Path]:
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def untranslated(catalog: Catalog) -> list[str]:
    return [str(message.id) for message in catalog if message.id and (not message.string or message.fuzzy)]


def _run(*arguments: str) -> None:
    subprocess.run([*PYBABEL, *arguments], check=True, cwd=REPOSITORY)
