"""A time-stamp authority asked over HTTP (RFC 3161), and not believed without looking.

A token counts only if it answers our question (number and imprint), is signed by a certificate for time-stamping that our
trusted list vouches for (when there is one), and says a time near ours. Anything else is NoStamp with its reason; nothing
of our own ever stands in its place (T22).
"""

import http.client
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import cms, tsp, x509
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from webapp.foundation.clock import utc_now

SECONDS = 5.0
MOST_BYTES = 16 * 1024  # the seal leaves room for as much
NEAR = timedelta(minutes=5)


class NoStamp(Exception):
    """No time stamp that could be believed; the text is the reason, in a few words for the ledger."""


class Authority(TimeStamper):
    """One time-stamp authority. trusted: certificates that may vouch for it; empty: whoever its own token names."""

    def __init__(self, url: str, trusted: tuple[x509.Certificate, ...] = (), seconds: float = SECONDS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url, self._trusted, self._seconds = url, trusted, seconds

    @property
    def name(self) -> str:
        """How bundle and ledger call it."""
        return (urlsplit(self.url).hostname or "")[:100]

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token that was looked at. Raises NoStamp."""
        nonce, question = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        answer = _ask(self.url, question.dump(), self._seconds)
        try:
            response = tsp.TimeStampResp.load(answer, strict=True)
            status = response["status"]["status"].native
            if status != "granted":
                raise NoStamp(f"refused: {status}")
            token = response["time_stamp_token"]
            await self._look(token, nonce, message_digest)
        except (ValueError, TypeError, KeyError, AttributeError) as why:
            raise NoStamp("answer is no time stamp") from why
        return token

    async def _look(self, token: cms.ContentInfo, nonce: int | None, digest: bytes) -> None:
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        if info["nonce"].native != nonce:
            raise NoStamp("answers another question")
        if info["message_imprint"]["hashed_message"].native != digest:
            raise NoStamp("stamps other bytes")
        told: datetime = info["gen_time"].native
        if abs(told - utc_now()) > NEAR:
            raise NoStamp(f"time is far from ours: {told:%Y-%m-%dT%H:%M:%SZ}")
        trusted = list(self._trusted) or [wrapped.chosen for wrapped in signed["certificates"]]
        try:
            found: dict[str, Any] = await validate_tst_signed_data(
                signed, ValidationContext(trust_roots=trusted, allow_fetching=False), lambda _: digest)
        except (SignatureValidationError, SigningError, PathError, ValidationError, LookupError) as why:
            raise NoStamp("signature cannot be checked") from why
        if not (found.get("intact") and found.get("valid")):
            raise NoStamp("signature is wrong")
        purposes = found["signing_cert"].extended_key_usage_value
        if purposes is None or "time_stamping" not in purposes.native:
            raise NoStamp("signer is no time-stamp authority")
        if found.get("trust_problem_indic") is not None or found.get("validation_path") is None:
            raise NoStamp("signer is not trusted")


def _ask(url: str, question: bytes, seconds: float) -> bytes:
    """One POST, no redirects, everything within `seconds`. Raises NoStamp."""
    parts, until = urlsplit(url), time.monotonic() + seconds
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), question,
                           {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"})
        response = connection.getresponse()
        if response.status != 200 or response.headers.get_content_type() != "application/timestamp-reply":
            raise NoStamp(f"answered {response.status} {response.headers.get_content_type()}"[:100])
        answer = b""
        while piece := response.read1(4096):
            answer += piece
            if len(answer) > MOST_BYTES:
                raise NoStamp("answer is too long")
            if time.monotonic() > until:
                raise NoStamp("too slow")
        return answer
    except TimeoutError as why:
        raise NoStamp("too slow") from why
    except (OSError, http.client.HTTPException) as why:
        raise NoStamp(f"cannot be reached: {type(why).__name__}") from why
    finally:
        connection.close()
