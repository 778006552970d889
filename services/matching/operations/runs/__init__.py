"""A run of matching between nodes (撮合轮): its coordinator, its participants, its cities and counties."""
