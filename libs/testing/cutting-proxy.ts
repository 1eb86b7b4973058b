/**
 * A TCP proxy before a server, that cuts connections when told to (after the server has done its work, before the client
 * hears of it), or goes silent: connections stay open and nothing comes back.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttingProxy {
  /** The given address, through the proxy. */
  readonly url: string;
  /** Cuts every connection at the server's next word, until {@link heal}. Resolves when it has cut one. */
  cutAtAnswer(): Promise<void>;
  /** Cuts every connection now; later ones pass. */
  cut(): void;
  /**
   * Goes silent when a client says `word`, and resolves then: that and all that follows is handed on no more, in either
   * direction, until {@link heal}; connections stay open, new ones too.
   */
  silentAt(word: string): Promise<void>;
  /** Silent from now on, until {@link heal}. */
  silence(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function openCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let onAnswer: (() => void) | undefined;
  let isSilent = false;
  let hear: (bytes: Buffer) => void = () => undefined;
  const drop = (pair: readonly [Socket, Socket]): void => {
    pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  };
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on('data', (bytes) => {
      hear(bytes);
      if (!isSilent) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (isSilent) return;
      if (!onAnswer) client.write(bytes);
      else {
        drop(pair);
        onAnswer();
      }
    });
    for (const socket of pair) socket.on('error', () => drop(pair)).on('close', () => drop(pair));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => pairs.forEach(drop);
  return {
    url: url.href,
    cutAtAnswer: () => new Promise((resolve) => (onAnswer = resolve)),
    cut,
    silentAt: (word) =>
      new Promise((resolve) => {
        hear = (bytes) => {
          if (!bytes.includes(word)) return;
          isSilent = true;
          resolve();
        };
      }),
    silence: () => {
      isSilent = true;
    },
    heal: () => {
      onAnswer = undefined;
      isSilent = false;
      hear = () => undefined;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
