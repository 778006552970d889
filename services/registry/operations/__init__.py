"""The verbs of the registry: import, record, identify, correct, seal and open cards, state figures. Handed a transaction, never commits."""
