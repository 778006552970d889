"""Measurements: what the commands `xieli bench …` run, each in a process of its own."""
