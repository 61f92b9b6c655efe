"""Short programs that run a rival in an environment of its own and print what it took, as JSON."""
