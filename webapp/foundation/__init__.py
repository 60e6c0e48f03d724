"""The ground: settings, database, clock, ids, money, canonical bytes. No business word stands here."""
