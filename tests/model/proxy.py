"""The road between phones and server: it loses, cuts, doubles, holds back and forges, as the schedule says.

Each phone has its own way in (`/p<n>` before the path). `plan[n]` holds the faults that lie on that phone's road: the next
request that one fits takes it. Whole requests are read first; what is broken is broken on purpose. The proxy also keeps the
books of invariant I7: no request may be larger than the server's limits.
"""

import asyncio
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

LIMITS = {"acts": 256 * 1024, "photo": 1024 * 1024, "other": 64 * 1024}
MOST_ACTS = 100
HTML = b"<html><body>" + "请登录无线网".encode() + b"</body></html>"


@dataclass
class Fault:
    """kind: a key of KINDS. on: which requests it fits (any, acts, photo, changes, manifest). share: where a cut falls, 0..1."""

    kind: str
    on: str = "any"
    share: float = 0.5


@dataclass
class Request:
    phone: int
    method: str
    path: str
    head: bytes
    body: bytes

    @property
    def kind(self) -> str:
        for name, part in (("acts", "/acts"), ("photo", "/photos/"), ("changes", "/changes"), ("manifest", "/manifest")):
            if part in self.path:
                return name if name != "photo" or self.method == "PUT" else "other"
        return "other"

    def raw(self, body: bytes | None = None) -> bytes:
        return self.head + (self.body if body is None else body)


@dataclass
class Proxy:
    """Serves until closed. injected: how often each fault struck; over: requests larger than allowed; held: late ones."""

    server_port: int
    plan: dict[int, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    injected: Counter[str] = field(default_factory=Counter)
    over: list[str] = field(default_factory=list)
    held: list[Request] = field(default_factory=list)
    requests: int = 0
    record: list[Request] | None = None

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=4 * 1024 * 1024)
        return self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        self._server.close()

    def heal(self) -> None:
        self.plan.clear()

    async def deliver_late(self) -> None:
        """What was held back reaches the server now; its sender has long given up."""
        held, self.held = self.held, []
        for request in held:
            await self._ask(request.raw())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._read(reader)
            self.requests += 1
            self._measure(request)
            if self.record is not None:
                self.record.append(request)
            fault = self._take(request)
            if fault:
                self.injected[fault.kind] += 1
            answer = await ((KINDS | NOT_DRAWN)[fault.kind](self, request, fault) if fault else self._ask(request.raw()))
            if answer:
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        _, way, path = path.split("/", 2)
        headers = [line for line in lines if not line.lower().startswith(("connection:", "host:", "expect:"))]
        length = next((int(line.split(":")[1]) for line in headers if line.lower().startswith("content-length:")), 0)
        body = await reader.readexactly(length)
        new = "\r\n".join([f"{method} /{path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]) + "\r\n\r\n"
        return Request(int(way[1:]), method, "/" + path, new.encode("latin-1"), body)

    def _measure(self, request: Request) -> None:
        kind = request.kind if request.kind in LIMITS else "other"
        if len(request.body) > LIMITS[kind] or (kind == "acts" and len(json.loads(request.body)["acts"]) > MOST_ACTS):
            self.over.append(f"{request.method} {request.path}: {len(request.body)} bytes")

    def _take(self, request: Request) -> Fault | None:
        faults = self.plan[request.phone]
        for at, fault in enumerate(faults):
            if fault.on in ("any", request.kind):
                return faults.pop(at)
        return None

    async def _ask(self, raw: bytes, cut: int | None = None) -> bytes:
        """What the server answers to these bytes; b"" when it dies. cut: so many bytes reach it, then the line goes dead."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server_port)
            try:
                writer.write(raw[:cut])
                await writer.drain()
                if cut is not None:
                    return b""
                return await reader.read(-1)
            finally:
                writer.close()
        except ConnectionError:
            return b""


async def _refuse(_proxy: Proxy, _request: Request, _fault: Fault) -> bytes:
    return b""


async def _lose(proxy: Proxy, request: Request, _fault: Fault) -> bytes:
    await proxy._ask(request.raw())
    return b""


async def _cut_request(proxy: Proxy, request: Request, fault: Fault) -> bytes:
    whole = request.raw()
    await proxy._ask(whole, max(1, int((len(whole) - 1) * fault.share)))
    return b""


async def _cut_answer(proxy: Proxy, request: Request, fault: Fault) -> bytes:
    answer = await proxy._ask(request.raw())
    return answer[: int((len(answer) - 1) * fault.share)]


async def _twice(proxy: Proxy, request: Request, fault: Fault) -> bytes:
    """The same request twice at once; the phone hears one of the answers."""
    first, second = await asyncio.gather(proxy._ask(request.raw()), proxy._ask(request.raw()))
    return first if fault.share < 0.5 else second


async def _again(proxy: Proxy, request: Request, _fault: Fault) -> bytes:
    await proxy._ask(request.raw())
    return await proxy._ask(request.raw())


async def _late(proxy: Proxy, request: Request, _fault: Fault) -> bytes:
    """The phone sees the line break; the request arrives when everything else is long done."""
    proxy.held.append(request)
    return b""


async def _reorder(proxy: Proxy, request: Request, _fault: Fault) -> bytes:
    """Whatever else is on its way overtakes this one."""
    await asyncio.sleep(0.02)
    return await proxy._ask(request.raw())


async def _slow(proxy: Proxy, request: Request, _fault: Fault) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.server_port)
    whole = request.raw()
    for at in range(0, len(whole), max(1, len(whole) // 4 + 1)):
        writer.write(whole[at : at + len(whole) // 4 + 1])
        await writer.drain()
        await asyncio.sleep(0.002)
    answer = await reader.read(-1)
    writer.close()
    return answer


async def _flip(proxy: Proxy, request: Request, fault: Fault) -> bytes:
    """One byte of a photo changes on the way; other requests pass, for TLS would have caught it and acts are signed."""
    if request.kind != "photo":
        return await proxy._ask(request.raw())
    body = bytearray(request.body)
    body[int((len(body) - 1) * fault.share)] ^= 1
    return await proxy._ask(request.raw(bytes(body)))


def _page(status: str, kind: str, body: bytes, *headers: str):  # type: ignore[no-untyped-def]
    async def answer(_proxy: Proxy, _request: Request, _fault: Fault) -> bytes:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    return answer


def _ours(code: str) -> bytes:
    return json.dumps({"sync": "ok", "error": {"code": code, "text": "请稍后再试"}}, ensure_ascii=False).encode()


async def _too_large(proxy: Proxy, request: Request, fault: Fault) -> bytes:
    """Of a push, our own server's words: halve it. Of a photo they would be true, and it would be set aside for good."""
    if request.kind != "acts":
        return await proxy._ask(request.raw())
    return await _page("413 Content Too Large", JSON, _ours("push.too_large"))(proxy, request, fault)


async def _hang(_proxy: Proxy, _request: Request, _fault: Fault) -> bytes:
    """Nobody answers; the phone dies meanwhile."""
    await asyncio.sleep(5)
    return b""


async def _other_hash(proxy: Proxy, request: Request, _fault: Fault) -> bytes:
    """Receipts that name our acts and another's content; the server has heard nothing."""
    receipts = [
        {"id": act["id"], "sha256": "0" * 64, "verdict": "applied", "change_no": 1, "code": "ok", "text": "", "facts": {}}
        for act in json.loads(request.body)["acts"]
    ]
    return await _page("200 OK", JSON, json.dumps({"sync": "ok", "receipts": receipts}).encode())(proxy, request, _fault)


JSON = "application/json"
NOT_DRAWN = {"hang": _hang, "other_hash": _other_hash}  # for the controls: a new kind would change what every seed means
KINDS = {
    "refuse": _refuse,
    "lose": _lose,
    "cut_request": _cut_request,
    "cut_answer": _cut_answer,
    "twice": _twice,
    "again": _again,
    "late": _late,
    "reorder": _reorder,
    "slow": _slow,
    "flip": _flip,
    "portal": _page("200 OK", "text/html; charset=utf-8", HTML),
    "portal_json": _page("200 OK", JSON, b'{"ok":true}'),
    "login": _page("302 Found", "text/html", b"", "Location: /login"),
    "proxy_401": _page("401 Unauthorized", "text/html", HTML),
    "413": _too_large,
    "proxy_413": _page("413 Too Large", "text/html", HTML),
    "429": _page("429 Too Many Requests", JSON, _ours("server.too_many"), "Retry-After: 7"),
    "500": _page("500 Internal Server Error", JSON, _ours("server.fault")),
    "502": _page("502 Bad Gateway", "text/html", HTML),
    "503": _page("503 Service Unavailable", JSON, _ours("server.busy"), "Retry-After: 5"),
    "504": _page("504 Gateway Timeout", "text/html", HTML),
    "507": _page("507 Insufficient Storage", JSON, _ours("server.disk_full")),
}
