"""The shapes on the door of jobs: sheets' reports, employers, vacancies and what may be said about them."""
