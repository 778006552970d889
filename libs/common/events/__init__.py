"""The published language: every event that a service announces, as plain data, one module for each announcing service."""
