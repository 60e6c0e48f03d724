"""Keys are made once, for us alone, and a start with keys that cannot be trusted stops with a sentence (evidence.md 3.4)."""

import multiprocessing
import shutil
import stat
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from webapp.adapters import keys as module
from webapp.adapters.certificates import certify, make_root
from webapp.adapters.keys import BadKeys, Keys, head_bytes, open_keys, renew
from webapp.app import create_app
from webapp.foundation.clock import utc_now
from webapp.foundation.config import read_settings
from webapp.foundation.es256 import public_key, verify
from webapp.models import Base, Store, WitnessedHead


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys"


def test_they_are_made_once_and_kept_to_ourselves(folder: Path) -> None:
    made, again = open_keys(folder, utc_now()), open_keys(folder, utc_now())

    assert again.root_fingerprint == made.root_fingerprint
    assert again.head.key_id == made.head.key_id
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_root_vouches_for_both_and_for_what_they_are_for(folder: Path) -> None:
    keys = open_keys(folder, utc_now())

    for certificate in (keys.head.certificate, keys.seal_certificate):
        certificate.verify_directly_issued_by(keys.root_certificate)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
        assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        assert timedelta(days=3 * 364) < certificate.not_valid_after_utc - utc_now() < timedelta(days=3 * 367)
    assert keys.root_certificate.not_valid_after_utc - utc_now() > timedelta(days=19 * 366)
    assert keys.seal_chain == [keys.seal_certificate, keys.root_certificate]


def test_the_passphrase_is_shown_once_and_opens_the_roots_key(folder: Path) -> None:
    shown: list[str] = []

    keys = open_keys(folder, utc_now(), shown.append)
    open_keys(folder, utc_now(), shown.append)

    assert len(shown) == 1
    sealed = (folder / "root-recovery.pem").read_bytes()
    with pytest.raises(ValueError, match="[Pp]assw"):
        serialization.load_pem_private_key(sealed, b"guess")
    root_key = serialization.load_pem_private_key(sealed, shown[0].encode())
    assert root_key.public_key() == keys.root_certificate.public_key()
    assert not any(shown[0].encode() in path.read_bytes() for path in folder.iterdir())


def test_without_a_terminal_the_roots_key_is_nowhere(folder: Path) -> None:
    keys = open_keys(folder, utc_now())

    assert not keys.recoverable
    private = [serialization.load_pem_private_key(path.read_bytes(), None) for path in folder.glob("*-key.pem")]
    assert keys.root_certificate.public_key() not in [key.public_key() for key in private]


def test_two_processes_make_one_set(folder: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        seen = pool.map(_fingerprint, [folder] * 8)

    assert len(set(seen)) == 1
    assert open_keys(folder, utc_now()).root_fingerprint == seen[0]


def test_without_the_lock_they_would_make_two(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: two who both saw no folder."""
    monkeypatch.setattr(Path, "exists", lambda path: False)
    monkeypatch.setattr(module, "alone", lambda lock: nullcontext(BytesIO()))
    open_keys(folder, utc_now())

    with pytest.raises(BadKeys, match="建不了"):  # the second finds the first's folder in its way
        open_keys(folder, utc_now())


def test_lost_keys_are_not_made_anew_unless_somebody_wants_it(folder: Path) -> None:
    before = open_keys(folder, utc_now()).root_fingerprint
    shutil.rmtree(folder)

    with pytest.raises(BadKeys, match="不见了.*请从备份恢复.*NEW_KEYS"):
        open_keys(folder, utc_now())
    assert open_keys(folder, utc_now(), anew=True).root_fingerprint != before
    open_keys(folder, utc_now())  # and these are kept


def test_books_with_heads_of_lost_keys_stop_the_start(folder: Path) -> None:
    """The house was moved without its keys; the database knows that there were some."""
    settings = read_settings({"CLOCKWISE_HOME": str(folder.parent), "CLOCKWISE_TESTING": "1"})
    database = create_app(settings).extensions["house"].database
    Base.metadata.create_all(database.engine)
    for rest in folder.parent.glob("keys*"):
        shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
    create_app(settings)  # control: no head was given yet, so new ones hurt nobody
    for rest in folder.parent.glob("keys*"):
        shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
    with database.write() as db:
        db.add(Store(id="YF01", name="一店", short_name="一店", settings={}))
        db.flush()
        db.add(WitnessedHead(store_id="YF01", device_id="phone", idx=1, hash="a" * 64, epoch=1, at=utc_now()))
        db.commit()

    with pytest.raises(BadKeys, match="不见了"):
        create_app(settings)


def test_what_a_dead_process_left_half_made_is_made_anew(folder: Path) -> None:
    half = folder.with_name("keys.making")
    half.mkdir(parents=True)
    (half / "root.pem").write_bytes(b"half")

    open_keys(folder, utc_now())

    assert not half.exists()


def _open_to_others(folder: Path) -> None:
    (folder / "seal-key.pem").chmod(0o640)


def _folder_open(folder: Path) -> None:
    folder.chmod(0o755)


def _gone(folder: Path) -> None:
    (folder / "head-key.pem").unlink()


def _cut(folder: Path) -> None:
    path = folder / "head-key.pem"
    path.write_bytes(path.read_bytes()[:60])


def _flipped(folder: Path) -> None:
    path = folder / "root.pem"
    text = path.read_bytes()
    path.write_bytes(text[:200] + bytes([text[200] ^ 1]) + text[201:])


def _of_another_house(folder: Path) -> None:
    shutil.copy(open_keys(folder.parent / "other", utc_now()).folder / "seal-key.pem", folder / "seal-key.pem")


def _another_root(folder: Path) -> None:
    shutil.copy(open_keys(folder.parent / "other", utc_now()).folder / "root.pem", folder / "root.pem")


def _locked(folder: Path) -> None:
    key = Keys(folder).head_key
    lock = serialization.BestAvailableEncryption(b"secret")
    (folder / "head-key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock))


@pytest.mark.parametrize("spoil", [_open_to_others, _folder_open, _gone, _cut, _flipped, _of_another_house, _another_root,
                                   _locked])
def test_a_start_with_keys_that_cannot_be_trusted_stops_with_a_sentence(folder: Path, spoil: Callable[[Path], None]) -> None:
    settings = read_settings({"CLOCKWISE_HOME": str(folder.parent), "CLOCKWISE_TESTING": "1"})
    create_app(settings)
    create_app(settings)  # as they were made they do
    spoil(folder)

    with pytest.raises(BadKeys, match="没有启动.*请"):
        create_app(settings)


def test_a_check_left_out_is_missed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the sentence above comes from the look at the modes, not from something else."""
    open_keys(folder, utc_now())
    _open_to_others(folder)
    monkeypatch.setattr(module, "_for_us_alone", lambda folder: None)

    open_keys(folder, utc_now())


def test_a_bought_seal_takes_the_place_of_ours(folder: Path) -> None:
    open_keys(folder, utc_now())
    root_key, key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    root = make_root(root_key, utc_now(), 10)
    bought = certify("Bought", key.public_key(), root, root_key, utc_now(), 1)
    (folder / "seal-key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (folder / "seal-chain.pem").write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (bought, root)))

    keys = open_keys(folder, utc_now())

    assert (keys.seal_certificate, keys.seal_chain) == (bought, [bought, root])


def test_certificates_are_renewed_and_the_keys_stay(folder: Path) -> None:
    shown: list[str] = []
    before, later = open_keys(folder, utc_now(), shown.append), utc_now() + timedelta(days=1000)

    for wrong in ("", shown[0][:-1], shown[0].lower()):
        with pytest.raises(BadKeys, match="口令不对"):
            renew(folder, wrong, later)
    assert Keys(folder).head.certificate == before.head.certificate
    after = renew(folder, shown[0], later)

    assert (after.head.key_id, after.root_fingerprint) == (before.head.key_id, before.root_fingerprint)
    for old, new in ((before.head.certificate, after.head.certificate), (before.seal_certificate, after.seal_certificate)):
        new.verify_directly_issued_by(after.root_certificate)
        assert new.not_valid_after_utc - old.not_valid_after_utc > timedelta(days=999)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    (folder / "root-recovery.pem").unlink()
    with pytest.raises(BadKeys, match="root-recovery.pem"):
        renew(folder, shown[0], later)


def test_a_head_is_signed_as_browsers_check_it(folder: Path) -> None:
    keys = open_keys(folder, utc_now())

    head = keys.signed_head("YF01", 7, "ab" * 32)

    public = public_key(keys.head.jwk)
    assert public == keys.head.certificate.public_key()
    assert verify(public, head["sig"], head_bytes("YF01", 7, "ab" * 32))
    for other in (("YF02", 7, "ab" * 32), ("YF01", 8, "ab" * 32), ("YF01", 7, "ac" * 32)):
        assert not verify(public, head["sig"], head_bytes(*other))
    for spoilt in (head["sig"] + "=", head["sig"][:-1], head["sig"] + "A", "", "汉" * 86, "A" * 86):
        assert not verify(public, spoilt, head_bytes("YF01", 7, "ab" * 32))


def _fingerprint(folder: Path) -> str:
    return open_keys(folder, utc_now()).root_fingerprint
