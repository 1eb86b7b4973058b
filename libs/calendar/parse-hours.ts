import type { DayInterval, WorkingHours } from './calendar.ts';
import { MINUTE_MS } from './local-time.ts';
import type { ReferenceValue } from './reference-value.ts';

const isTime = (text: string): text is string => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** `15:00` gives milliseconds since midnight. */
export function readTime(value: ReferenceValue): number {
  const text = value.matching('a time hh:mm', isTime);
  return isTime(text) ? (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * MINUTE_MS : 0;
}

/** A list of `["08:00", "12:00"]`, in order and apart from each other. */
export function readIntervals(value: ReferenceValue): readonly DayInterval[] {
  let last = -1;
  return value.items().map((item) => {
    const [from, to, ...more] = item.items();
    if (!from || !to || more.length > 0) item.refuse('must be two times');
    const interval = { from: from ? readTime(from) : 0, to: to ? readTime(to) : 0 };
    if (interval.from >= interval.to || interval.from <= last) item.refuse('is empty or out of order');
    last = interval.to;
    return interval;
  });
}

/** The hours, each with the end of its day: that of its work, or the cut-off where the data lay one on these hours. */
export function readHours(root: ReferenceValue, cutOff: { time: number; hours: readonly string[] }): WorkingHours[] {
  return root
    .at('hours')
    .items()
    .map((item) => {
      item.only('id scope intervals minutesPerDay validFrom validTo status');
      const id = item.at('id').text();
      const [first = { from: 0, to: 0 }, ...rest] = readIntervals(item.at('intervals'));
      const minutes = [first, ...rest].reduce((sum, { from, to }) => sum + (to - from), 0) / MINUTE_MS;
      if (item.at('minutesPerDay').count() !== minutes || minutes === 0)
        item.refuse(`the intervals hold ${minutes} minutes`);
      const validTo = item.optional('validTo');
      return {
        id,
        intervals: [first, ...rest],
        dayEnd: cutOff.hours.includes(id) ? cutOff.time : (rest.at(-1) ?? first).to,
        validFrom: item.at('validFrom').date(),
        ...(validTo && { validTo: validTo.date() }),
      };
    });
}
