"""A real OpenID provider for tests: django-oauth-toolkit, installed apart, run as a process of its own."""
