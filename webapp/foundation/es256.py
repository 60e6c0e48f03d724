"""ECDSA with P-256 and SHA-256 as browsers write it: keys as JWK, signatures as r and s, 32 bytes each, base64url."""

import base64
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from webapp.foundation.canon import digest

_HASH = ec.ECDSA(hashes.SHA256())


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> str:
    r, s = decode_dss_signature(key.sign(data, _HASH))
    return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def verify(key: ec.EllipticCurvePublicKey, signature: str, data: bytes) -> bool:
    """True when the key's owner signed these bytes; False for anything else, be it no signature at all."""
    try:
        raw = from_base64url(signature)
        if len(raw) != 64 or base64url(raw) != signature:
            return False
        key.verify(encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")), data, _HASH)
    except (ValueError, InvalidSignature):
        return False
    return True


def public_key(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    """The key that a JWK describes. Raises ValueError when it is none of P-256, or a private one."""
    try:
        if (jwk["kty"], jwk["crv"], "d" in jwk) != ("EC", "P-256", False):
            raise ValueError("not a public P-256 key")
        return ec.EllipticCurvePublicNumbers(_coordinate(jwk["x"]), _coordinate(jwk["y"]), ec.SECP256R1()).public_key()
    except (KeyError, TypeError, UnsupportedAlgorithm) as why:
        raise ValueError("not a public P-256 key") from why


def jwk_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The key as browsers import it."""
    numbers = key.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": base64url(numbers.x.to_bytes(32, "big")),
            "y": base64url(numbers.y.to_bytes(32, "big"))}


def jwk_id(jwk: dict[str, str]) -> str:
    """The short name of a key: the first 16 hex characters of SHA-256 over its JWK, written in one way only."""
    return digest({name: jwk[name] for name in ("crv", "kty", "x", "y")})[:16]


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Raises ValueError."""
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _coordinate(text: object) -> int:
    if not isinstance(text, str) or len(text) != 43:
        raise ValueError("a coordinate is 32 bytes")
    return int.from_bytes(from_base64url(text), "big")
