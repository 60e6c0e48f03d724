"""What a phone of the store holds: open visits, those touched in 14 days, and the cards of cars that may come.

Cars booked in the next two days or seen in 24 months, at most 5,000. Time alone moves things into scope (a booking
draws near); `entering` finds those, because no act stamps them with a new change number.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from webapp.models import Appointment, Vehicle, Visit

OPEN_STATES = ("arrived", "inspecting", "estimating", "awaiting_signature", "authorised", "internal_rework", "ready",
               "handover", "settling")
TOUCHED = timedelta(days=14)
BOOKED = timedelta(days=2)
BOOKED_BEFORE = timedelta(days=1)
SEEN = timedelta(days=730)
MOST_CARDS = 5_000


@dataclass(frozen=True)
class Scope:
    """The scope of one store's phones at one moment. visits: ids; visiting: ids of the cars of those visits."""

    store: str
    now: datetime
    visits: frozenset[str]
    visiting: frozenset[str]

    def appointments(self) -> ColumnElement[bool]:
        """Condition on an appointment."""
        return and_(Appointment.store_id == self.store,
                    or_(self._slot_after(self.now - BOOKED_BEFORE), Appointment.visit_id.in_(self.visits)))

    def cards(self) -> ColumnElement[bool]:
        """Condition on a vehicle."""
        seen = (select(Vehicle.id).where(Vehicle.store_id == self.store, Vehicle.last_visit_on >= (self.now - SEEN).date())
                .order_by(Vehicle.last_visit_on.desc()).limit(MOST_CARDS))
        return and_(Vehicle.store_id == self.store,
                    or_(Vehicle.id.in_(seen), Vehicle.id.in_(self._booked_cars()), Vehicle.id.in_(self.visiting)))

    def entering(self, since: datetime) -> ColumnElement[bool]:
        """Condition on an appointment that time has brought into scope after `since`."""
        return and_(Appointment.store_id == self.store, self._slot_after(since + BOOKED))

    def _slot_after(self, moment: datetime) -> ColumnElement[bool]:
        return and_(Appointment.slot_start_at > moment, Appointment.slot_start_at <= self.now + BOOKED)

    def _booked_cars(self) -> Select[str]:
        return select(Appointment.vehicle_id).where(Appointment.store_id == self.store,
                                                    self._slot_after(self.now - BOOKED_BEFORE))


def read_scope(db: Session, store: str, now: datetime) -> Scope:
    """Two questions, each by its own index: asked as one with OR, SQLite would read every visit there ever was.

    For the same reason the store is compared as an expression in the second: the index on touched_at is the one to use.
    """
    these = select(Visit.id, Visit.vehicle_id)
    rows = {*db.execute(these.where(Visit.store_id == store, Visit.state.in_(OPEN_STATES))),
            *db.execute(these.where(Visit.store_id + "" == store, Visit.touched_at > now - TOUCHED))}
    return Scope(store, now, frozenset(visit for visit, _ in rows), frozenset(car for _, car in rows if car))
