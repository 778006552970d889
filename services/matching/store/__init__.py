"""The only SQL of matching, one file for each of its works."""
