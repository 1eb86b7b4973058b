/** Runs the worlds that it is told to, one after the other; forked by `workers.ts`. */
import { simulate, type SimulationWanted } from './simulate.ts';

const run = async (wanted: SimulationWanted): Promise<void> => void process.send?.(await simulate(wanted));
// An error ends the process, and whoever asked hears of that.
process.on('message', (wanted: SimulationWanted) => void run(wanted));
process.once('disconnect', () => process.exit());
