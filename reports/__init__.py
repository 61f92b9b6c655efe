"""What the charity can show: each role's home page, the board of targets, and outcomes."""
