"""A bad road between phone and server: a TCP proxy with a rate, a delay, and a switch that cuts everything.

Chromium's own throttling does not reach a service worker's fetches, so the road itself is made slow.
"""

import asyncio
import threading
from dataclasses import dataclass, field


@dataclass
class Link:
    """One link to `port` on this machine. rate: bytes per second each way, None for free; delay: seconds one way."""

    port: int
    rate: float | None = None
    delay: float = 0.0
    up: bool = True
    requests: int = 0
    sent: int = 0
    address: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _free_at: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})

    def start(self) -> "Link":
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait(5)
        return self

    def cut(self) -> None:
        """Ends every open connection and refuses new ones."""
        self.up = False
        self._loop.call_soon_threadsafe(lambda: [w.transport.abort() for w in list(self._open)])

    def mend(self) -> None:
        self.up = True

    def stop(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.address = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._open |= {writer, far_writer}
        try:
            await asyncio.gather(self._pipe(reader, far_writer, "up"), self._pipe(far_reader, writer, "down"))
        except OSError:
            pass
        finally:
            self._open -= {writer, far_writer}
            for each in (writer, far_writer):
                each.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        """Bytes leave when the shared road is free, and arrive `delay` later; sending does not wait for arrival."""
        arrivals: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        landing = asyncio.ensure_future(self._land(arrivals, writer))
        while chunk := await reader.read(4096):
            if way == "up":
                self.sent += len(chunk)
                self.requests += chunk.startswith((b"GET ", b"POST ", b"PUT "))
            now = self._loop.time()
            leaves = max(now, self._free_at[way]) + (len(chunk) / self.rate if self.rate else 0)
            self._free_at[way] = leaves
            arrivals.put_nowait((leaves + self.delay, chunk))
            if leaves - now > 0.05:
                await asyncio.sleep(leaves - now - 0.05)
        arrivals.put_nowait((self._loop.time() + self.delay, b""))
        await landing

    async def _land(self, arrivals: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter) -> None:
        while True:
            at, chunk = await arrivals.get()
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            if not chunk:
                writer.write_eof() if writer.can_write_eof() else None
                return
            writer.write(chunk)
            await writer.drain()
