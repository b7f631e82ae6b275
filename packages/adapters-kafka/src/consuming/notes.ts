/** What a member knows of a part beyond its position, so that whoever has the part next need not learn it again. */
export interface Knowledge {
  /** How often records failed that are not done yet, by offset. */
  readonly failures: ReadonlyMap<number, number>;
  /** Offsets behind the position that are done. */
  readonly done: ReadonlySet<number>;
}

const VERSION = '1';
const shown = (number: number) => number.toString(36);

/** `4-7` for neighbours, `9` for a single one: distances from the position. */
function* rangesOf(done: ReadonlySet<number>, position: number): Generator<string> {
  let from: number | null = null;
  let last = 0;
  for (const offset of [...done].sort((a, b) => a - b)) {
    if (from !== null && offset === last + 1) last = offset;
    else {
      if (from !== null) yield rangeOf(from - position, last - position);
      from = offset;
      last = offset;
    }
  }
  if (from !== null) yield rangeOf(from - position, last - position);
}

const rangeOf = (from: number, to: number) => (from === to ? shown(from) : `${shown(from)}-${shown(to)}`);

/** As text that a broker keeps with the position. What has no room is left out: it is only learned anew. */
export function noteOf({ failures, done }: Knowledge, position: number, longest: number): string {
  if (failures.size === 0 && done.size === 0) return '';
  let room = longest - VERSION.length - 2;
  const fitting = (parts: Iterable<string>) => {
    const kept: string[] = [];
    for (const part of parts) {
      room -= part.length + 1;
      if (room < 0) break;
      kept.push(part);
    }
    return kept.join(',');
  };
  const failed = fitting([...failures].map(([offset, count]) => `${shown(offset - position)}=${shown(count)}`));
  return `${VERSION};${failed};${fitting(rangesOf(done, position))}`;
}

const nothing: Knowledge = { failures: new Map(), done: new Set() };
const form = /^1;((?:[0-9a-z]+=[0-9a-z]+,?)*);((?:[0-9a-z]+(?:-[0-9a-z]+)?,?)*)$/;
/** No member ever has so many records in hand: a longer range was written by somebody else. */
const LONGEST_RANGE = 1_000_000;

/** Reads a note back; what is none of ours tells nothing. */
export function knowledgeOf(note: string, position: number): Knowledge {
  const found = form.exec(note);
  if (!found) return nothing;
  const [failed = '', ranges = ''] = found.slice(1);
  const parts = (text: string) => text.split(',').filter(part => part !== '');
  const failures = new Map(
    parts(failed).map(part => {
      const [distance = '', count = ''] = part.split('=');
      return [position + Number.parseInt(distance, 36), Number.parseInt(count, 36)] as const;
    }),
  );
  const done = new Set<number>();
  for (const part of parts(ranges)) {
    const [from = 0, to = from] = part.split('-').map(text => Number.parseInt(text, 36));
    if (to - from > LONGEST_RANGE) return nothing;
    for (let distance = from; distance <= to; distance++) done.add(position + distance);
  }
  return { failures, done };
}
