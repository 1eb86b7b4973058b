import type { RedriveTryView, RedriveView } from '#libs/http-api';
import type { RedriveSeen, TriedBefore } from '#libs/use-cases';

export function viewOfRedrive(seen: RedriveSeen): RedriveView {
  const { sum, started, correlationId: _, acts, selection, ...rest } = seen;
  return {
    ...rest,
    selection: { ...selection },
    messages: sum.messages,
    bytes: sum.bytes,
    event: started,
    acts: acts.map(({ act, reason, by, at }) => ({ act, reason, by, at })),
  };
}

export const viewOfTry = ({ item, ...rest }: TriedBefore): RedriveTryView => ({
  ...rest,
  ...(item === undefined ? {} : { was: item.was }),
  ...(item?.subject === undefined ? {} : { subject: item.subject }),
  ...(item?.hash === undefined ? {} : { hash: item.hash }),
});
