"""What the house and the process that looks at pictures say to each other; nothing here decodes."""

import struct

MOST_PIXELS = 40_000_000
MOST_BYTES = 12 * 1024 * 1024
EDGES = {"thumb": 320, "view": 1280}
TYPES = ("image/jpeg", "image/png", "image/webp")
SHUT, ONLY_LIMITS = b"+", b"-"  # what a child says when it is ready
ORDER, ANSWER = struct.Struct("!8sI"), struct.Struct("!II")


class NotTaken(Exception):
    """A picture we do not take. code: type, pixels, broken, polyglot."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
