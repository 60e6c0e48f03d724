"""A time-stamp authority on this machine that can be told to be away, slow or a liar (T22)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

LIES = ("other_bytes", "other_question", "past", "future", "tampered", "no_purpose", "refuses")
TROUBLE = ("slow", "drips", "hangs_up", "fault", "page", "redirect", "garbage", "endless", "empty")
GOOD = "good"


class Engine(DummyTimeStamper):
    """pyHanko's own stamper, made to lie."""

    def __init__(self, *, purpose: bool = True) -> None:
        self.certificate, key = _certified(purpose)
        super().__init__(self.certificate, key)

    def answer(self, question: bytes, manner: str) -> bytes:
        asked = tsp.TimeStampReq.load(question)
        now = datetime.now(UTC).replace(microsecond=0)
        self.fixed_dt = {"past": now - timedelta(days=3), "future": now + timedelta(hours=1)}.get(manner, now)
        if manner == "other_bytes":
            asked["message_imprint"]["hashed_message"] = b"\x07" * 32
        if manner == "other_question":
            asked["nonce"] = asked["nonce"].native + 1
        response = self.request_tsa_response(asked)
        if manner == "refuses":
            return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
        if manner == "tampered":
            signer = response["time_stamp_token"]["content"]["signer_infos"][0]
            signer["signature"] = bytes([signer["signature"].native[0] ^ 1]) + signer["signature"].native[1:]
        return response.dump()


@contextmanager
def an_authority(manner: str = GOOD) -> Iterator[tuple[str, Any]]:
    """Its address, and the server, whose `manner` can be changed at any moment."""
    engines = _engines()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            with suppress(OSError):  # the asker may have gone
                _behave(self, server.manner, engines, question)

        def log_message(self, *_: Any) -> None:
            pass

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.manner, server.certificate = manner, engines[True].certificate
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tsa", server
    server.shutdown()
    server.server_close()


@cache
def _engines() -> dict[bool, "Engine"]:
    """Their keys take a second to make: once is enough."""
    return {True: Engine(), False: Engine(purpose=False)}


def _behave(handler: BaseHTTPRequestHandler, manner: str, engines: dict[bool, Engine], question: bytes) -> None:
    if manner == "hangs_up":
        return handler.connection.close()
    if manner == "slow":
        time.sleep(0.6)
    status = {"fault": 500, "redirect": 302}.get(manner, 200)
    body = {"garbage": b"\x30\x82nothing", "empty": b"", "endless": b"\0" * 200_000}.get(manner)
    body = engines[manner != "no_purpose"].answer(question, manner) if body is None else body
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html" if manner == "page" else "application/timestamp-reply")
    if manner == "redirect":
        handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for at in range(0, len(body), 16 if manner == "drips" else len(body) or 1):
        handler.wfile.write(body[at:at + 16] if manner == "drips" else body)
        handler.wfile.flush()
        if manner == "drips":
            time.sleep(0.05)
    return None


def _certified(purpose: bool) -> tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]:
    key, now = rsa.generate_private_key(public_exponent=65537, key_size=2048), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A time-stamp authority")])
    use = ExtendedKeyUsageOID.TIME_STAMPING if purpose else ExtendedKeyUsageOID.SERVER_AUTH
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=30))
                   .not_valid_after(now + timedelta(days=30))
                   .add_extension(x509.KeyUsage(True, True, *[False] * 3, True, *[False] * 3), critical=True)
                   .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                   .add_extension(x509.ExtendedKeyUsage([use]), critical=True).sign(key, hashes.SHA256()))
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)), asn1_keys.PrivateKeyInfo.load(der)
