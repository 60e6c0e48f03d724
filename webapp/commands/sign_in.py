"""Who are you: the one place where a password is looked at, for the desk and for phones (decisions.md 15, evidence.md D6).

Argon2id. Wrong tries are counted per account and per address; an unknown name costs as much time as a known one.
"""

from datetime import timedelta
from threading import BoundedSemaphore

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select

from webapp.foundation.actor import Actor
from webapp.foundation.db import Database
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Staff

PER_ACCOUNT = RateLimitItemPerMinute(10, 15)  # wrong tries in a quarter of an hour
PER_ADDRESS = RateLimitItemPerMinute(60, 15)  # a whole shop signs in from one address
WAIT = timedelta(minutes=15)
LONGEST = 200

log = structlog.get_logger()
_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody's password")
_room = BoundedSemaphore(2)  # one check takes 64 MiB: a flood of sign-ins waits instead of filling the memory


class SignInRefused(Refusal):
    """Wrong name or password (retry_after 0), or too many tries (seconds to wait)."""

    def __init__(self, code: str, text: str, retry_after: int = 0) -> None:
        super().__init__(code, text, **({"retry_after": retry_after} if retry_after else {}))
        self.retry_after = retry_after


def hash_password(password: str) -> str:
    """Argon2id, ready for `staff.password_hash`."""
    return _hasher.hash(password)


class SignIn:
    """Made once by the roof; it remembers wrong tries until the server restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tries = MovingWindowRateLimiter(MemoryStorage())

    def check(self, store: str, login: str, password: str, address: str) -> Actor:
        """The person, without a device. Raises SignInRefused; the same words for a wrong name and a wrong password."""
        store, login = store.strip().upper(), login.strip().upper()
        account = (store, login)
        if not (self._tries.test(PER_ADDRESS, address) and self._tries.hit(PER_ACCOUNT, *account)):
            log.warning("sign_in.too_many", address=address)
            raise SignInRefused("sign_in.too_many", N_("试得太多次了，请过 15 分钟再登录，或请店主重设密码"),
                                int(WAIT.total_seconds()))
        staff = self._find(store, login)
        if not (_matches(staff.password_hash if staff else _nobody, password) and staff and staff.active):
            self._tries.hit(PER_ADDRESS, address)
            log.warning("sign_in.wrong", address=address, store=staff and staff.store_id, staff=staff and staff.id)
            raise SignInRefused("sign_in.wrong", N_("门店、工号或密码不对，请再核对一次"))
        self._tries.clear(PER_ACCOUNT, *account)
        log.info("sign_in.done", address=address, store=staff.store_id, staff=staff.id)
        return Actor(staff.store_id, staff.id, staff.name, frozenset(staff.roles), "")

    def _find(self, store: str, login: str) -> Staff | None:
        if not (store + login).isprintable():
            return None
        with self._database.read() as db:
            return db.scalar(select(Staff).where(Staff.store_id == store, Staff.id == login))


def _matches(password_hash: str, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    try:
        with _room:
            return _hasher.verify(password_hash, password)
    except (Argon2Error, InvalidHashError, UnicodeError):
        return False
