/**
 * A process of a test's node that does one errand (JSON on its standard input) on the node's real databases, keys and broker,
 * and dies on the way where it is told to. Exit code 0: the errand is done, and the place to die was not met.
 */
import { readFileSync } from 'node:fs';
import { migrate, openTroubleStore } from '#libs/event-store-postgres';
import { systemClock } from '#libs/key-custody';
import { openSender } from '#libs/messaging-kafka';
import { migrateReadModels, openReadModels } from '#libs/read-models';
import {
  actOnDossier,
  CheckpointSigner,
  CommandDesk,
  ingestBatch,
  RedriveRunner,
  Relay,
  sendReceipts,
  StopSwitches,
  type NodeServices,
} from '#libs/use-cases';
import { migrateVault } from '#libs/vault';
import { MemoryBroker } from '../memory-broker.ts';
import { TestClock } from '../test-clock.ts';
import { openProcess } from '../test-process.ts';
import { actOf, batchOf, trustedOf, type Errand, type NodeErrand } from './errand.ts';
import { mortal } from './gate.ts';

async function servicesOf({ node, death, connection, now }: NodeErrand): Promise<NodeServices> {
  const broker = new MemoryBroker();
  const world = { broker, registrar: { trusted: trustedOf(node) }, clock: new TestClock(now), wallClock: systemClock };
  const { wanted, ledgerUrl, vaultUrl } = node;
  const { services } = await openProcess({ world, wanted, reports: [], ledgerUrl, vaultUrl });
  return {
    ...services,
    store: mortal(services.store, 'store', death),
    vault: mortal(services.vault, 'vault', death),
    sender: mortal(connection ? openSender({ connection }) : services.sender, 'sender', death),
  };
}

async function redrive(services: NodeServices, { node, death }: NodeErrand): Promise<void> {
  const store = mortal(openTroubleStore({ url: node.ledgerUrl }), 'trouble', death);
  await new RedriveRunner(services, store, { stops: new StopSwitches(store), owner: 'mortal' }).turn();
}

async function fold(services: NodeServices, { node }: NodeErrand): Promise<void> {
  const { store, contracts } = services;
  const lists = await openReadModels({ url: node.ledgerUrl, store, contracts });
  await lists.fold.foldNext();
}

async function run(services: NodeServices, errand: NodeErrand): Promise<unknown> {
  switch (errand.does) {
    case 'act':
      return actOnDossier(services, actOf(errand));
    case 'relay':
      return new Relay(services, 'mortal').turn();
    case 'ingest':
      return ingestBatch(services, batchOf(errand));
    case 'receipts':
      return sendReceipts(services);
    case 'answer':
      return new CommandDesk(services).answerWaiting();
    case 'checkpoint':
      return new CheckpointSigner(services).signOnce();
    case 'redrive':
      return redrive(services, errand);
    case 'fold':
      return fold(services, errand);
  }
}

const MIGRATE = { ledger: migrate, vault: migrateVault, lists: migrateReadModels };

const errand = JSON.parse(readFileSync(0, 'utf8')) as Errand;
if (errand.does === 'migrate') await MIGRATE[errand.what](errand);
else await run(await servicesOf(errand), errand);
// Pools and connections to the broker are left as they are: nobody needs them any more.
process.exit(0);
