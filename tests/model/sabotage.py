"""Placeholder."""
def apply(name):
    pass
