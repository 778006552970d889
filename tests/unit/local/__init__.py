"""The machinery that puts whole nodes on one machine."""
