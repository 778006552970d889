"""Fuzzing of all doors over a real database with people, vacancies, introductions and spells in it."""
