"""vetting: adverts with what vetting should say of them, judged by the rules of this version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.output import say
from deploy.local.errors import OperatorError


class NotCases(OperatorError):
    """A file that holds no adverts as lines of JSON."""


def vetting(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="JSON lines, as `GET /jobs/v1/misjudged.jsonl`")
    ],
) -> None:
    """Judge adverts by the present rules (误判测试集): which of them are judged as they should be. Exit 1 where any is not."""
    from services.jobs.rules.vetting import VETTING_RULE  # heavy to load, and most commands vet nothing

    judged = [(line, right, told) for file in files for line, right, told in _judge(file)]
    wrong = [(line, told) for line, right, told in judged if not right]
    for line, told in wrong:
        say(f"{line}: {told}")
    say(f"{VETTING_RULE}: {len(judged) - len(wrong)} of {len(judged)} adverts are judged as they should be.")
    raise typer.Exit(1 if wrong else 0)


def _judge(file: Path) -> list[tuple[str, bool, str]]:
    """Where a case stands, whether the rules judge it rightly, and what they find beside what they should."""
    from pydantic import ValidationError

    from services.jobs.schemas.misjudged import CaseLine

    found = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            case = CaseLine.model_validate_json(text)
        except ValidationError as error:
            raise NotCases(f"{file}:{number} is no advert: {error.errors()[0]['msg']}") from error
        said = ", ".join(case.found()) or "nothing found"
        found.append((f"{file.name}:{number}", case.is_right(), f"{case.title}: {said}, it should {case.should}"))
    return found
