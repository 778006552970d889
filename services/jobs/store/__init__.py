"""The only SQL of jobs."""
