/** Sums up the times of events between which something ran, in ticks of 100 ns as events carry them. */
export interface Clock {
  readonly ticks: number;

  /** The time from which it runs; absent while it stands still. */
  readonly since?: string;
}

export const stopped: Clock = { ticks: 0 };

// Milliseconds, and the ticks below them: together they are beyond what a number holds exactly.
const split = (time: string): readonly [number, number] => {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
  return [Date.parse(time.replace(/\.\d+/, `.${fraction.padEnd(3, '0').slice(0, 3)}`)), Number(fraction.padEnd(7, '0').slice(3, 7))];
};

const between = (from: string, to: string): number => {
  const [[a, x], [b, y]] = [split(from), split(to)];
  return Math.max(0, (b - a) * 10_000 + (y - x));
};

export const start = (clock: Clock, time: string): Clock => (clock.since === undefined ? { ticks: clock.ticks, since: time } : clock);

export const stop = (clock: Clock, time: string): Clock =>
  clock.since === undefined ? clock : { ticks: clock.ticks + between(clock.since, time) };

/** How long it has run up to a time, in milliseconds. */
export const elapsed = (clock: Clock, now: Date): number =>
  (clock.ticks + (clock.since === undefined ? 0 : between(clock.since, now.toISOString()))) / 10_000;
