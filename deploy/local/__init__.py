"""Whole nodes on one machine without containers: PostgreSQL, Kafka, MirrorMaker and the services as plain processes."""
