// Finding a car offline: by any part of its plate, the customer's name, or the end of the VIN.

const MOST = 20;

/** {visits, bookings, vehicles}: what fits, newest first; a car that is here or booked is not listed a second time. */
export function findCars(query, { visits, appointments, vehicles }) {
  const wanted = query.toUpperCase().replace(/[·\s]/g, "");
  if (!wanted) return { visits: [], bookings: [], vehicles: [] };
  const fits = (car) => car && [car.plate, car.customer_name, car.sender_name, car.mobile].some((text) => text?.toUpperCase().includes(wanted))
    || Boolean(car?.vin?.endsWith(wanted) && wanted.length >= 4);
  const found = visits.filter(fits).sort((a, b) => (a.arrived_at < b.arrived_at ? 1 : -1)).slice(0, MOST);
  const bookings = appointments.filter(({ appointment, vehicle }) => !appointment.visit_id && fits(vehicle)).slice(0, MOST);
  const booked = new Set(bookings.map(({ vehicle }) => vehicle?.id));
  const known = vehicles.filter((vehicle) => !booked.has(vehicle.id) && fits(vehicle));
  return { visits: found, bookings, vehicles: known.sort((a, b) => ((a.last_visit_on ?? "") < (b.last_visit_on ?? "") ? 1 : -1)).slice(0, MOST) };
}

/** Those whose plate begins with what is typed, or holds it after the province. */
export function byPlate(text, cars, plateOf = (car) => car.plate) {
  if (!text) return [];
  const tail = text.slice(1);
  return cars.filter((car) => {
    const plate = plateOf(car) ?? "";
    return plate && (plate.startsWith(text) || (tail.length >= 3 && plate.includes(tail)));
  });
}
