// Days (日期) as the phone has them, and whether its clock can be right.
export function today(moment = new Date()) {
  const two = (number) => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

const days = (from, to) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** The day so many days before. */
export const before = (day, many) => new Date(Date.parse(`${day}T00:00:00Z`) - many * 86_400_000).toISOString().slice(0, 10);

/** Whether the node, which said its day just now, would take what this phone dates. */
export const agrees = (node) => Math.abs(days(node, today())) <= 1;

/** A phone whose day lies before one that the node has told already goes wrong, network or not. */
export const isBehind = (told) => Boolean(told) && days(told, today()) < -1;

/** The first day of the quarter that this day lies in. */
export const quarter = (day) => `${day.slice(0, 4)}-${String(Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, "0")}-01`;

export const within = (day, from) => Boolean(day) && day >= from;
