"""The acts, one module per stage, and the sums and rules they rest on. Knows no web, no clock, no network."""
