"""Other programs on the same instance: `python -m tests.bench.peers NAME FOLDER LIMIT` measures one and prints JSON.

Peers that take preference lists are handed whole or top-64 lists made by `lists`; making them is not counted. `naive_numpy`
makes its own. A peer past its limit is stopped and reported so; one that is not installed says the line that installs it.
"""
