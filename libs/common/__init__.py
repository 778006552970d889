"""Plumbing and the published language; knows no service. The list of modules here is closed and kept so by a test."""
