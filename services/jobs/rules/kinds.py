"""Kinds of posts (岗位类别), and what each of them needs: an ordinary one nothing, a post abroad a licence, an age and papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from libs.common.codes.countries import HOME, countries
from libs.common.problems import FieldError
from services.jobs.rules.employers import Employer
from services.jobs.rules.vacancies import Terms, Vacancy

# 公益性岗位: subsidised for three years at most.
LONGEST_PUBLIC_POST = 36
# 对外劳务合作: whom a firm may send abroad.
ABROAD_FROM, ABROAD_TO = 18, 40


def check_kind(vacancy: Vacancy, employer: Employer | None, on: date) -> list[FieldError]:
    """What a vacancy of this kind lacks, each with a JSON pointer; what belongs to another kind is refused, too."""
    wrong = list(_OF_KIND.get(vacancy.kind, _nothing)(vacancy))
    if vacancy.kind == "abroad":
        wrong += _licence(employer, max(on, vacancy.valid_until or on))
    elif vacancy.country is not None:
        wrong.append(_wrong("country", "not_abroad", "只有境外岗位填国家 Only a post abroad has a country"))
    return wrong


def _nothing(_: Terms) -> Iterator[FieldError]:
    yield from ()


def _reserved(terms: Terms) -> Iterator[FieldError]:
    if not sum(terms.reserved.values()):
        yield _wrong("reserved", "missing", "写明为谁预留几个名额 Say for whom how many openings are reserved")


def _public_post(terms: Terms) -> Iterator[FieldError]:
    months = terms.contract_months
    if months is None or not 1 <= months <= LONGEST_PUBLIC_POST:
        yield _wrong(
            "contract_months",
            "public_post_term",
            f"公益性岗位写明期限，最长 {LONGEST_PUBLIC_POST} 个月 A public post has a term of {LONGEST_PUBLIC_POST} months at most",
        )


def _workshop(terms: Terms) -> Iterator[FieldError]:
    if not terms.district:
        yield _wrong("district", "missing", "写明帮扶车间在哪里 Say where the workshop stands")


def _abroad(terms: Terms) -> Iterator[FieldError]:
    if terms.country not in countries() or terms.country == HOME:
        yield _wrong(
            "country", "unknown_country", "境外岗位写明国家或地区，如 JP A post abroad names its country, such as JP"
        )
    if terms.age_min is None or terms.age_min < ABROAD_FROM:
        yield _wrong(
            "age_min", "abroad_age", f"外派须年满 {ABROAD_FROM} 周岁 Nobody under {ABROAD_FROM} is sent abroad"
        )
    if terms.age_max is None or terms.age_max > ABROAD_TO:
        yield _wrong("age_max", "abroad_age", f"外派不超过 {ABROAD_TO} 周岁 Nobody over {ABROAD_TO} is sent abroad")
    if not terms.healthy:
        yield _wrong("healthy", "abroad_health", "外派须身体健康，请确认 Who is sent abroad is healthy: confirm it")
    for name, told in (
        ("passport", "护照由谁办 Say who sees to the passport"),
        ("training", "出境培训进度 Say how far training is"),
    ):
        if getattr(terms, name) is None:
            yield _wrong(name, "missing", told)


def _licence(employer: Employer | None, until: date) -> list[FieldError]:
    """对外劳务合作经营资格 has to hold as long as the post is offered."""
    if (
        employer
        and employer.export_licence
        and employer.export_licence_until
        and employer.export_licence_until >= until
    ):
        return []
    message = f"单位须有至 {until} 日有效的对外劳务合作经营资格 The firm needs a licence to send workers abroad that holds through {until}"
    return [_wrong("employer_uscc", "export_licence", message)]


def _wrong(field: str, code: str, message: str) -> FieldError:
    return FieldError(f"/{field}", code, message)


_OF_KIND: Mapping[str, Callable[[Terms], Iterator[FieldError]]] = {
    "reserved": _reserved,
    "public_post": _public_post,
    "workshop": _workshop,
    "abroad": _abroad,
}
