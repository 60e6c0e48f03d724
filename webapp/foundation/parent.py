"""A server is a family: whoever was started by it ends with it, also when it is killed and can tell nobody.

Else a worker without its parent would go on serving, hold lock and port, and no new server could start.
"""

import os
import threading
import time

NAME = "CLOCKWISE_SERVER"
PAUSE = 0.25


def announce() -> None:
    """The server says who it is to everybody it will start."""
    os.environ[NAME] = str(os.getpid())


def end_with_server() -> None:
    """Called by who may have been started by a server: this process ends as soon as that server is gone."""
    server = int(os.environ.get(NAME) or 0)
    if server and server != os.getpid():
        threading.Thread(target=_watch, args=(server,), daemon=True).start()


def _watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(PAUSE)
    os._exit(1)
