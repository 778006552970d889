"""The trail (留痕): who did what, to whom, for what and when, in chains of hashes that nobody can rewrite unnoticed.

One record for each call that changes or reveals something, written in the same transaction; `verify` finds what was changed.
"""
