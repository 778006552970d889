"""Who may be given a village's list (责任人): a cadre with an account, whose townships or villages take that village in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from libs.common.problems import FieldError, Invalid, one_of
from services.registry.rules.rounds import RoundPart


@dataclass(frozen=True)
class Cadre:
    """An account of the role, and the regions that it is for: `433124:花垣镇`, `433124:花垣镇/扪岱村`."""

    login: str
    regions: tuple[str, ...]

    def covers(self, division: str, village: RoundPart) -> bool:
        place = f"{division}:{village.township}"
        return place in self.regions or f"{place}/{village.village}" in self.regions


class CadreRefused(Invalid):
    title = "不能分给这名干部 This cadre cannot be given that list"


def check_cadres(division: str, villages: Sequence[RoundPart], cadres: Collection[str], known: Sequence[Cadre]) -> None:
    """Refuse whoever has no account here or works elsewhere, naming each."""
    accounts = {each.login: each for each in known}
    wrong = []
    for place, login in enumerate(cadres):
        if login not in accounts:
            told = f"没有干部账号「{login}」，{one_of(accounts)}"
            wrong.append(FieldError(f"/cadres/{place}", "unknown", told))
            continue
        outside = [each for each in villages if not accounts[login].covers(division, each)]
        if outside:
            names = "、".join(f"{each.township}{each.village}" for each in outside[:5])
            told = f"「{names}」不在「{login}」的范围内 Outside the townships of {login}: {names}."
            wrong.append(FieldError(f"/cadres/{place}", "outside", told))
    if wrong:
        raise CadreRefused("请修正所列字段 Correct the fields listed.", errors=wrong)
