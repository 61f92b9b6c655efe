"""Backups: the database and the letters of one instance in one encrypted file, and the way back from it."""
