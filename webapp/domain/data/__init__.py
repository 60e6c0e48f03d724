"""Data files of the trade: checklists, legal texts, the demo store."""
