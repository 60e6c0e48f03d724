"""Steps of the database's shape, numbered; `run` takes them."""
