"""The console's only SQL: what nodes have stated, accounts, who is signed in, and who guesses."""
