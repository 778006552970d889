"""The decisions of jobs: what a sheet means, whether a credit code is sound, what vetting refuses. No I/O."""

from services.jobs.rules.employer_sheets import EmployerRow, EmployersReport, check_uscc, read_employers
from services.jobs.rules.vacancy_sheets import VacanciesReport, VacancyRow, judge_vacancies, read_vacancies

__all__ = [
    "EmployerRow",
    "EmployersReport",
    "VacanciesReport",
    "VacancyRow",
    "check_uscc",
    "judge_vacancies",
    "read_employers",
    "read_vacancies",
]
