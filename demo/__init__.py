"""A year of invented programme life, from the same builders that the tests use."""
