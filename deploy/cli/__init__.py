"""The one command `xieli`: one file for each group of commands."""
