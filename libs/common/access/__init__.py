"""Who may see what (谁能看什么): one table that officials can read decides, at the door and again in the database."""
