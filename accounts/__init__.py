"""People who sign in, the schemes and agencies they belong to, their roles, and what each role may do."""
