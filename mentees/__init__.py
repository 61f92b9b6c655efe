"""People who are referred to be mentored: who sent them, what they need, what is risky, and what must be obeyed."""
