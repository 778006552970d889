"""The HTTP door of jobs: sheets, vacancies, employers and what is decided on them, designations, checks, leads, courses, fairs, agreements."""

from services.jobs.routes import (
    admissions,
    agreement_progress,
    agreements,
    checks,
    courses,
    designations,
    employer_decisions,
    employers,
    fairs,
    imports,
    leads,
    misjudged,
    quarters,
    vacancies,
)

ROUTERS = (
    imports.router,
    vacancies.router,
    employers.router,
    employer_decisions.router,
    designations.router,
    checks.router,
    leads.router,
    misjudged.router,
    fairs.router,
    agreements.router,
    agreement_progress.router,
    quarters.router,
    courses.router,
    admissions.router,
)
