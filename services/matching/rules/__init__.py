"""The decisions of matching: pure functions and plain data. Source: docs matching v1; no input or output here."""
