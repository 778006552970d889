"""The tables of matching, each group beside its rooms: lists, introductions, fairs, runs, weights; and those of the plumbing."""

from services.matching.tables import fairs, introductions, lists, runs, weights
from services.matching.tables.schema import metadata

__all__ = ["fairs", "introductions", "lists", "metadata", "runs", "weights"]
