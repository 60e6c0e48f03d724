"""A wrong setting stops the start with a sentence that names it; an old SQLite is not trusted with a workshop's papers."""

import os
import socket
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from webapp.adapters.local_ca import lan_addresses, local_ca
from webapp.foundation import db
from webapp.foundation.clock import utc_now
from webapp.foundation.config import WrongSetting, read_settings
from webapp.foundation.lock import held

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "value"), [
    ("PORT", "0"), ("PORT", "65536"), ("PORT", "http"), ("PORT", "８０００"), ("PORT", "²"),
    ("DATABASE_URL", "mysql://a/b"), ("DATABASE_URL", "nonsense"),
    ("PHOTO_STORE", "ftp://photos"), ("PUBLIC_URL", "car.example.cn"), ("PUBLIC_URL", "https://car.example.cn/path"),
])
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as said:
        read_settings({name: value})

    assert name in str(said.value)


def test_right_settings_pass(tmp_path: Path) -> None:
    settings = read_settings({"PORT": "8443", "DATABASE_URL": "postgresql://u:p@h/d", "PUBLIC_URL": "https://car.example.cn/",
                              "CLOCKWISE_HOME": str(tmp_path), "PHOTO_STORE": str(tmp_path / "p")})

    assert (settings.port, settings.public_url, settings.secure) == (8443, "https://car.example.cn", True)
    assert settings.database_url == "postgresql+psycopg://u:p@h/d"


@pytest.mark.parametrize(("settings", "arguments", "sentence"), [
    ({"PORT": "eighty"}, [], "PORT 须是"),
    ({"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite"}, [], "请检查 DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://clockwise:secret@localhost:1/none"}, [], "请检查 DATABASE_URL"),
    ({"CLOCKWISE_HOME": "/proc/clockwise"}, [], "CLOCKWISE_HOME"),
    ({}, ["--wan"], "--wan"),
])
def test_the_start_stops_with_a_sentence(tmp_path: Path, settings: dict[str, str], arguments: list[str], sentence: str) -> None:
    done = _start({"CLOCKWISE_HOME": str(tmp_path), "PORT": str(_port()), **settings}, *arguments)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_restore_that_was_broken_off_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "restore-unfinished").touch()

    done = _start({"CLOCKWISE_HOME": str(tmp_path), "PORT": str(_port())})

    assert done.returncode == 1 and "flask restore" in done.stderr


def test_two_servers_in_one_home_are_not_started(tmp_path: Path) -> None:
    with held(tmp_path / "serving.lock"):
        done = _start({"CLOCKWISE_HOME": str(tmp_path), "PORT": str(_port())})

    assert done.returncode == 1 and "已有一个服务器" in done.stderr


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        done = _start({"CLOCKWISE_HOME": str(tmp_path), "PORT": str(other.getsockname()[1])})

    assert done.returncode == 1
    assert "请换一个" in done.stderr


def test_an_old_sqlite_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.sqlite'}"
    db.Database(url)  # the one at hand is new enough

    monkeypatch.setattr(db, "FIXED_SQLITE", (99, 0, 0))

    with pytest.raises(db.OldSqlite, match="WAL"):
        db.Database(url)


def test_the_local_authority_is_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    now, folder = utc_now(), tmp_path / "lan"

    first = local_ca(folder, ["192.168.1.5"], now).ca_der()
    again = local_ca(folder, ["192.168.1.9"], now)

    assert again.ca_der() == first
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert _names(again.leaf_cert) >= {"192.168.1.9"}


def test_the_leaf_is_renewed_before_it_ends(tmp_path: Path) -> None:
    now = utc_now()
    made = local_ca(tmp_path, ["192.168.1.5"], now)
    before = made.leaf_cert.read_bytes()

    local_ca(tmp_path, ["192.168.1.5"], now + timedelta(days=100))
    kept = made.leaf_cert.read_bytes()
    local_ca(tmp_path, ["192.168.1.5"], now + timedelta(days=380))

    assert kept == before
    assert made.leaf_cert.read_bytes() != before


def test_the_authority_may_not_vouch_for_the_internet(tmp_path: Path) -> None:
    made = local_ca(tmp_path, lan_addresses() or ["192.168.1.5"], utc_now())
    limits = x509.load_pem_x509_certificate(made.ca_cert.read_bytes()).extensions.get_extension_for_class(x509.NameConstraints)

    allowed = [name.value for name in limits.value.permitted_subtrees or []]
    assert limits.critical
    assert {"local", "localhost"} == {name for name in allowed if isinstance(name, str)}
    assert not any(net.is_global for net in allowed if not isinstance(net, str))


def _start(settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **settings}
    return subprocess.run([sys.executable, str(ROOT / "bin/serve.py"), *arguments], env=env, cwd=ROOT, capture_output=True,
                          text=True, timeout=60, check=False)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        port: int = probe.getsockname()[1]
        return port


def _names(leaf: Path) -> set[str]:
    names = x509.load_pem_x509_certificate(leaf.read_bytes()).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(address) for address in names.value.get_values_for_type(x509.IPAddress)}
