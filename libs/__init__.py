"""Shared plumbing: what every service of a node needs and none of them owns."""
