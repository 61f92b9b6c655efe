"""Plumbing that knows no charity: database, audit, outbox, jobs, language, places, access and forms."""
