"""The one door: what can be done, who may, and how it is kept."""
