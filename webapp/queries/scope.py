"""What a phone of the store holds: open visits, those touched in 14 days, and the cards of cars that may come.

Cars booked in the next two days or seen in 24 months, at most 5,000. Time alone moves things into scope (a booking
draws near); `entering` finds those, because no act stamps them with a new change number.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

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
    """The scope of one store's phones at one moment, as subqueries."""

    store: str
    now: datetime

    @property
    def seen_since(self) -> date:
        return (self.now - SEEN).date()

    def visits(self) -> Select[str]:
        """Ids of the visits."""
        return select(Visit.id).where(Visit.store_id == self.store, self._visit_counts())

    def appointments(self) -> ColumnElement[bool]:
        """Condition on an appointment."""
        return and_(Appointment.store_id == self.store,
                    or_(self._slot_after(self.now - BOOKED_BEFORE), Appointment.visit_id.in_(self.visits())))

    def cards(self) -> ColumnElement[bool]:
        """Condition on a vehicle."""
        seen = (select(Vehicle.id).where(Vehicle.store_id == self.store, Vehicle.last_visit_on >= self.seen_since)
                .order_by(Vehicle.last_visit_on.desc()).limit(MOST_CARDS))
        return and_(Vehicle.store_id == self.store,
                    or_(Vehicle.id.in_(seen), Vehicle.id.in_(self._booked_cars()), Vehicle.id.in_(self._visiting_cars())))

    def entering(self, since: datetime) -> ColumnElement[bool]:
        """Condition on an appointment that time has brought into scope after `since`."""
        return and_(Appointment.store_id == self.store, self._slot_after(since + BOOKED))

    def _visit_counts(self) -> ColumnElement[bool]:
        return or_(Visit.state.in_(OPEN_STATES), Visit.touched_at > self.now - TOUCHED)

    def _slot_after(self, moment: datetime) -> ColumnElement[bool]:
        return and_(Appointment.slot_start_at > moment, Appointment.slot_start_at <= self.now + BOOKED)

    def _booked_cars(self) -> Select[str]:
        return select(Appointment.vehicle_id).where(Appointment.store_id == self.store,
                                                    self._slot_after(self.now - BOOKED_BEFORE))

    def _visiting_cars(self) -> Select[str | None]:
        return select(Visit.vehicle_id).where(Visit.store_id == self.store, self._visit_counts(), Visit.vehicle_id.is_not(None))
