"""The tables of matching, each group beside its rooms: lists, introductions, runs, weights; and those of the plumbing."""

from services.matching.tables import introductions, lists, runs, weights
from services.matching.tables.schema import metadata

__all__ = ["introductions", "lists", "metadata", "runs", "weights"]
