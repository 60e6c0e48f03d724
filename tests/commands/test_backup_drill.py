"""The drill: a store's machine is lost and comes back from the backup, 60 visits and 600 photos, every one compared.

`python -m bench backup` does it with 2,000 visits and 40,000 photos.
"""

from pathlib import Path

from tests.commands.full_shop import a_full_shop


def test_a_lost_machine_comes_back_whole(tmp_path: Path) -> None:
    shop = a_full_shop(tmp_path, visits=60, photos=600, size=3000)
    shop.backs_up()
    rows, files = shop.rows(), {name: sha for name, sha in shop.files().items() if name.startswith("photos/")}
    shop.burns_down()

    done = shop.restores()

    assert done.exit_code == 0, done.output
    assert len(files) == 600 and f"账本 {60 * 43 + 600} 条逐条核对" in done.output
    assert shop.rows() == rows
    assert {name: sha for name, sha in shop.files().items() if name.startswith("photos/")} == files
