import type { GatewayMetrics } from '#libs/observability';
import type { EventStore } from '#libs/use-cases';

/** The ledger, counting what enters it and how long an append takes. */
export function watchedStore(store: EventStore, metrics: GatewayMetrics): EventStore {
  const entered = (of: string, arrival: string): void => metrics.count('appended_total', { class: of, arrival });
  return {
    ...store,
    async append(unit) {
      const began = performance.now();
      let verdict = 'failed';
      try {
        const given = await store.append(unit);
        verdict = given.kind;
        if (given.kind === 'appended') for (const { sealed } of unit.messages) entered(sealed.class, 'local');
        return given;
      } finally {
        metrics.observe('append_duration_seconds', { verdict }, (performance.now() - began) / 1000);
      }
    },
    async record(batch) {
      const verdict = await store.record(batch);
      if (verdict.kind === 'recorded')
        for (const { sealed } of batch.units.flatMap(({ messages }) => messages))
          entered(sealed.class, batch.arrivals.get(sealed.hash)?.kind ?? 'local');
      return verdict;
    },
  };
}
