"""Settings, read once at the start from the environment. A wrong one stops the start with a sentence."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class WrongSetting(SystemExit):
    """Stops the start; the text says which setting and what it may be."""


@dataclass(frozen=True)
class Settings:
    home: Path
    database_url: str
    photo_store: Path
    backup_folder: Path
    public_url: str | None
    port: int
    seal_tsa_url: str | None = None
    seal_tsa_roots: Path | None = None
    testing: bool = False
    new_keys: bool = False
    damaged: bool = False

    @property
    def secure(self) -> bool:
        """True when people reach us by https: cookies get the __Host- prefix and HSTS is sent."""
        return bool(self.public_url and self.public_url.startswith("https://"))


def read_settings(env: dict[str, str] | None = None) -> Settings:
    """CLOCKWISE_HOME, DATABASE_URL, PHOTO_STORE, BACKUP_FOLDER, PUBLIC_URL, PORT; all have defaults. Raises WrongSetting.

    SEAL_TSA_URL: a time-stamp authority (RFC 3161) for sealed papers; SEAL_TSA_ROOTS: a PEM file of who vouches for it.
    NEW_KEYS=1: once, when the keys are lost and no backup has them.
    CLOCKWISE_DAMAGED=1: the start check says it to those it starts; then nothing is written.
    """
    env = dict(os.environ if env is None else env)
    home = Path(env.get("CLOCKWISE_HOME") or "var").absolute()
    return Settings(
        home=home,
        database_url=_database(env.get("DATABASE_URL") or f"sqlite:///{home / 'clockwise.sqlite'}"),
        photo_store=_folder("PHOTO_STORE", env.get("PHOTO_STORE") or str(home / "photos")),
        backup_folder=_folder("BACKUP_FOLDER", env.get("BACKUP_FOLDER") or str(home / "backups")),
        public_url=_url("PUBLIC_URL", env.get("PUBLIC_URL")),
        port=_port(env.get("PORT") or "8000"),
        seal_tsa_url=_url("SEAL_TSA_URL", env.get("SEAL_TSA_URL"), path=True),
        seal_tsa_roots=_file("SEAL_TSA_ROOTS", env.get("SEAL_TSA_ROOTS")),
        testing=env.get("CLOCKWISE_TESTING") == "1",
        new_keys=env.get("NEW_KEYS") == "1",
        damaged=env.get("CLOCKWISE_DAMAGED") == "1",
    )


def _database(url: str) -> str:
    kind = url.split(":", 1)[0]
    if kind in ("postgres", "postgresql"):
        return "postgresql+psycopg" + url[len(kind):]
    if kind not in ("sqlite", "postgresql+psycopg"):
        raise WrongSetting(f"DATABASE_URL 须以 sqlite: 或 postgresql: 开头，现在是 {kind}:")
    return url


def _folder(name: str, text: str) -> Path:
    if "://" in text:
        raise WrongSetting(f"{name} 须是文件夹路径，现在是 {text}")
    return Path(text).absolute()


def _file(name: str, text: str | None) -> Path | None:
    if not text:
        return None
    if not Path(text).is_file():
        raise WrongSetting(f"{name} 须是一个文件，现在是 {text}")
    return Path(text).absolute()


def _url(name: str, text: str | None, path: bool = False) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not (path or parts.path in ("", "/")):
        raise WrongSetting(f"{name} 须形如 https://car.example.cn{'/tsa' if path else ''}，现在是 {text}")
    return text if path else text.rstrip("/")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 65535:
        raise WrongSetting(f"PORT 须是 1 到 65535 之间的数字，现在是 {text}")
    return int(text)
