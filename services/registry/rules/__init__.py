"""What the registry decides (规则): which rows of a file go in, who is a labourer and why, a household's points."""

from services.registry.rules.burden import BURDEN_RULE, household_burden
from services.registry.rules.home import check_home
from services.registry.rules.identification import Verdict, identify
from services.registry.rules.layouts import PEOPLE, WISHES
from services.registry.rules.people_sheets import DayMissing, judge_people, read_people
from services.registry.rules.report import SEVERITY, KnownPerson, PeopleReport, PersonRow, WishesReport, WishRow
from services.registry.rules.wish_sheets import find_numbers, guess_county, judge_wishes, read_wishes

__all__ = [
    "BURDEN_RULE",
    "PEOPLE",
    "SEVERITY",
    "WISHES",
    "DayMissing",
    "KnownPerson",
    "PeopleReport",
    "PersonRow",
    "Verdict",
    "WishRow",
    "WishesReport",
    "check_home",
    "find_numbers",
    "guess_county",
    "household_burden",
    "identify",
    "judge_people",
    "judge_wishes",
    "read_people",
    "read_wishes",
]
