"""The only SQL of the registry."""
