"""The register of a county at its full size: who lives there, and what is measured of it."""
