"""The HTTP door of jobs: sheets, vacancies, employers."""

from services.jobs.routes import employers, imports, vacancies

ROUTERS = (imports.router, vacancies.router, employers.router)
