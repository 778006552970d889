"""The shapes at matching's HTTP door."""
