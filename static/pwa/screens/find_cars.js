// Finding a car offline: by any part of its plate, the customer's name, or the end of the VIN.

import { findCars } from "../commands/view.js";

const MOST = 20;

/** {visits, bookings, vehicles}: what fits, newest first; a booked car is not listed a second time. */
export async function search(query, { visits, appointments }) {
  const wanted = query.toUpperCase().replace(/[·\s]/g, "");
  const fits = (car) => [car?.plate, car?.customer_name, car?.sender_name, car?.mobile].some((text) => text?.toUpperCase().includes(wanted))
    || Boolean(wanted.length >= 4 && car?.vin?.endsWith(wanted));
  const bookings = appointments.filter(({ vehicle }) => fits(vehicle)).slice(0, MOST);
  const booked = new Set(bookings.map(({ vehicle_id }) => vehicle_id));
  const known = await findCars(wanted);
  return { visits: visits.filter(fits).slice(0, MOST), bookings, vehicles: known.filter((car) => !booked.has(car.id)) };
}
