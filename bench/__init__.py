"""Measurements, each printing a table; never part of the tests. `bin/bench` runs them all, `bin/bench NAME` one."""
