"""The verbs of jobs: import, create, change, vet, withdraw, and what hires do to openings. Handed a transaction, never commits."""
