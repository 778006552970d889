"""A problem of any service is shown on a page in the page's language alone, with the words of its fields."""

from __future__ import annotations

import importlib
import pkgutil
import re

import httpx
import pytest

import libs
import services
from libs.common.problems import FieldError, Problem, halves
from services.console.clients import read_answer
from services.console.rendering import environment

NOTICE = '{% from "pieces.html" import trouble %}{{ trouble(answer, "") }}'
CHINESE = "[\u3400-\u9fff]"


def problem_classes() -> list[type[Problem]]:
    """Every class that any service can raise."""
    for package in (libs, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(migrations|__main__)\b", module.name):
                importlib.import_module(module.name)
    waiting, found = [Problem], []
    while waiting:
        found.append(waiting.pop())
        waiting += found[-1].__subclasses__()
    return sorted((kind for kind in set(found) if kind.status < 500), key=lambda kind: (kind.__name__, kind.__module__))


KINDS = problem_classes()


def shown(problem: Problem, language: str) -> str:
    answer = read_answer(httpx.Response(problem.status, json=problem.body("/registry/v1/labourers")))
    return environment(language).from_string(NOTICE).render(answer=answer)


def test_there_are_many() -> None:
    assert len(KINDS) > 80


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("detail", ["", "没有账号「x」 There is no account x.", "held -> hired (county)"])
def test_a_problem_is_shown_in_the_language_of_the_page(kind: type[Problem], detail: str) -> None:
    field = FieldError("/reason", "unknown", "没有这个理由 There is no such reason")
    problem = Problem.__new__(kind)
    Problem.__init__(problem, detail, errors=[field])
    chinese, english = halves(detail if re.search(CHINESE, detail) else kind.title)
    first, second = shown(problem, "zh"), shown(problem, "en")
    assert (chinese in first, english in first, "没有这个理由" in first, "reason" in first) == (
        True,
        False,
        True,
        False,
    )
    assert re.search(CHINESE, second) is None
    assert english in second.replace("&#39;", "'")
    assert "There is no such reason" in second
    assert detail in (first + second).replace("&gt;", ">") or re.search(CHINESE, detail)


def test_a_refusal_that_is_no_problem_is_said_in_our_own_words() -> None:
    answer = read_answer(httpx.Response(403, text="<html>"))
    assert "The request was refused." in environment("en").from_string(NOTICE).render(answer=answer)
