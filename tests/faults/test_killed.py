"""The server is killed while phones send (T2): nothing that was acknowledged is gone, no row is without its bytes. A share of
`python -m bench kills`; the seed is in the name of a failure."""

from pathlib import Path

from tests.faults.killed_server import Sender, Server, Told, look, storm

SEED, KILLS, PHOTOS = 7, 4, 30


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    _server, wrong = storm(tmp_path / "home", SEED, KILLS, PHOTOS)

    assert wrong == [], f"seed {SEED}"


def test_a_killed_parent_leaves_nobody_who_goes_on_serving_and_control(tmp_path: Path) -> None:
    server = Server(tmp_path / "home")
    server.start()
    sender = Sender(server, "E005")
    sender.works(2)

    server.kill("parent")
    server.start()  # lock and port are free again

    server.kill()
    assert look(server.home, sender.told) == []
    lost = Told(sender.told.acts | {"an act that never came"}, dict(sender.told.photos))  # control: the look sees all three
    (photo, sha256), (other, _sha256) = lost.photos.items()
    (server.home / "photos" / sha256[:2] / sha256).unlink()
    lost.photos[other] = sha256
    assert look(server.home, lost) == ["act an act that never came lost", f"photo {other} lost", f"row {photo} without its bytes"]
