"""The HTTP door of jobs: sheets, vacancies, employers and what is decided on them, designations, leads."""

from services.jobs.routes import designations, employer_decisions, employers, imports, leads, vacancies

ROUTERS = (
    imports.router,
    vacancies.router,
    employers.router,
    employer_decisions.router,
    designations.router,
    leads.router,
)
