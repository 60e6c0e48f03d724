"""What the roof joins and every door uses: settings, database, the one door for writing, the keys, the outside world."""

from dataclasses import dataclass

from webapp.adapters.keys import Keys
from webapp.adapters.photo_store import PhotoStore
from webapp.adapters.sealed_store import SealedStore
from webapp.commands.execute import Door
from webapp.commands.sign_in import SignIn
from webapp.foundation.config import Settings
from webapp.foundation.db import Database


@dataclass(frozen=True)
class House:
    settings: Settings
    database: Database
    door: Door
    photos: PhotoStore
    keys: Keys
    sign_in: SignIn

    @property
    def sealed(self) -> SealedStore:
        """Sealed PDFs."""
        return SealedStore(self.settings.home / "sealed")
