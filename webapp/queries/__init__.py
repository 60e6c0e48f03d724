"""Read-only questions that pages and phones ask."""
