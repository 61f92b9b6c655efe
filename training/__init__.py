"""Training of volunteers: courses and hours, and the personal development plan of each."""
