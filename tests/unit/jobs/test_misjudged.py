"""Adverts judged wrongly: the test set holds, what may be marked, and when the present rules are right about a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.cli.__main__ import app
from libs.common.problems import Invalid
from services.jobs.rules.misjudged import Misjudged, decided, is_right, marked
from services.jobs.rules.refusals import MisjudgementDecided, NotVetted
from services.jobs.rules.severity import VETTING
from services.jobs.rules.vacancies import Vacancy
from services.jobs.schemas.misjudged import CaseLine

DATA = Path(__file__).parents[2] / "data" / "misjudged"
DAY = date(2017, 4, 20)
CODES = st.sets(st.sampled_from(sorted(VETTING)))


def cases(*files: Path) -> list[CaseLine]:
    return [CaseLine.model_validate_json(line) for file in files for line in file.read_text("utf-8").splitlines()]


WRONG = DATA / "wrong.jsonl"
HELD = sorted(file for file in DATA.glob("*.jsonl") if file != WRONG)


@pytest.mark.parametrize("case", cases(*HELD), ids=lambda case: str(case.id))
def test_what_the_rules_judge_rightly_they_go_on_to(case: CaseLine) -> None:
    assert case.is_right(), f"{case.title}: {case.found()}"


@pytest.mark.parametrize("case", cases(WRONG), ids=lambda case: str(case.id))
def test_what_they_are_known_to_get_wrong_is_still_wrong_or_is_to_be_moved(case: CaseLine) -> None:
    assert not case.is_right(), f"{case.title} is judged rightly now: move its line to right.jsonl"


def test_a_file_of_cases_is_judged_by_the_command(tmp_path: Path) -> None:
    right = CliRunner().invoke(app, ["vetting", str(DATA / "right.jsonl")])
    wrong = CliRunner().invoke(app, ["vetting", str(WRONG)])
    assert (right.exit_code, wrong.exit_code) == (0, 1)
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"title": "没有结论"}\n', "utf-8")
    assert CliRunner().invoke(app, ["vetting", str(broken)]).exit_code not in (0, 2)


def a_vacancy(**said: Any) -> Vacancy:
    facts = {"id": UUID(int=1), "city": "440300", "employer": None, "employer_name": "某医院", "title": "男科医院护士"}
    days = {"starts_by": DAY, "listed_on": DAY, "vetted_on": DAY, "openings": 2, "openings_left": 2}
    return Vacancy(**{**facts, **days, "employer_uscc": None, "fingerprint": "1", "state": "vetted", **said})


def mark(vacancy: Vacancy, should: Any, *codes: str, by_firm: bool = False) -> Misjudged:
    return marked(vacancy, UUID(int=2), should, codes, "为什么", by="officer-1", by_firm=by_firm, on=DAY)


REFUSED: dict[str, Any] = {"state": "refused", "reasons": [{"code": "discriminatory_sex"}]}


def test_a_decision_is_marked_as_wrong_and_what_says_the_same_is_refused() -> None:
    case = mark(a_vacancy(**REFUSED), "pass", by_firm=True)
    assert (case.stood, case.should, case.state, case.on) == ("refuse", "pass", "claimed", DAY)
    assert mark(a_vacancy(), "refuse", "deposit_or_fee").state == "confirmed"
    assert mark(a_vacancy(**REFUSED), "refuse", "deposit_or_fee").codes == ["deposit_or_fee"], "by another rule"
    for vacancy, should, codes in (
        (a_vacancy(), "pass", ()),
        (a_vacancy(**REFUSED), "refuse", ("discriminatory_sex",)),
        (a_vacancy(), "refuse", ()),
        (a_vacancy(), "refuse", ("unknown",)),
        (a_vacancy(**REFUSED), "pass", ("discriminatory_sex",)),
    ):
        with pytest.raises(Invalid):
            mark(vacancy, should, *codes)
    for state in ("pending", "withdrawn"):
        with pytest.raises(NotVetted):
            mark(a_vacancy(state=state), "refuse", "deposit_or_fee")


def test_what_a_firm_says_is_decided_once() -> None:
    said = {"because": "核实", "by": "officer-1", "on": DAY}
    claimed = mark(a_vacancy(**REFUSED), "pass", by_firm=True)
    assert decided(claimed, confirmed=False, **said).state == "rejected"  # type: ignore[arg-type]
    confirmed = decided(claimed, confirmed=True, **said)  # type: ignore[arg-type]
    with pytest.raises(MisjudgementDecided):
        decided(confirmed, confirmed=False, **said)  # type: ignore[arg-type]


@given(CODES, CODES)
def test_rules_are_right_about_a_pass_or_a_refusal_and_never_about_both(codes: set[str], found: set[str]) -> None:
    assert is_right("pass", [], found) == (not found)
    assert not (is_right("pass", [], found) and is_right("refuse", codes, found))
    if is_right("refuse", codes, found):
        assert codes <= found
