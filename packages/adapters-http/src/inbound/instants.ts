/** UTC with milliseconds. */
export const utc = (instant: number): string => new Date(instant).toISOString();

export const orNull = (instant: number | null, write: (instant: number) => string): string | null =>
  instant === null ? null : write(instant);

const formats = new Map<string, Intl.DateTimeFormat>();
const KEPT_ZONES = 1024;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    if (formats.size >= KEPT_ZONES) formats.clear();
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  return format;
}

/** The offset of a zone in minutes; null where RFC 3339 can't write it (parts of a minute). */
function offsetAt(instant: number, timeZone: string): number | null {
  const name =
    formatOf(timeZone)
      .formatToParts(instant)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  if (name === 'GMT') return 0;
  const found = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name);
  if (!found) return null;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === '-' ? -minutes : minutes;
}

const twoDigits = (part: number) => String(part).padStart(2, '0');

/** The instant with the offset of the zone, milliseconds only where there are some: `2026-11-21T10:00:00+09:00`. */
export function zoned(instant: number, timeZone: string): string {
  const offset = offsetAt(instant, timeZone);
  const wall = offset === null ? Number.NaN : instant + offset * 60_000;
  const date = new Date(wall);
  // Beyond the year 9999 only UTC has a form.
  if (Number.isNaN(wall) || date.getUTCFullYear() > 9999) return utc(instant).replace('.000Z', 'Z');
  const local = date
    .toISOString()
    .replace('Z', '')
    .replace(/\.000$/, '');
  const minutes = Math.abs(offset ?? 0);
  const sign = (offset ?? 0) < 0 ? '-' : '+';
  return `${local}${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
