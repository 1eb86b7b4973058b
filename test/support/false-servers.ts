/** Servers that answer as a real one does that does not fit: no TLS, a login refused. What they are sent is kept. */
import { createServer, type Server, type Socket } from 'node:net';

export interface FalseServer {
  readonly port: number;
  readonly received: () => string;
  close(): Promise<void>;
}

async function listen(answer: (socket: Socket, sent: Buffer) => void): Promise<FalseServer> {
  const sockets = new Set<Socket>();
  const chunks: Buffer[] = [];
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (sent: Buffer) => {
      chunks.push(sent);
      answer(socket, sent);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received: () => Buffer.concat(chunks).toString('latin1'),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** PostgreSQL protocol 3: SSLRequest, StartupMessage, AuthenticationCleartextPassword, ErrorResponse. */
const SSL_REQUEST = 80_877_103;
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
const isPassword = (sent: Buffer): boolean => sent[0] === 0x70;
function refusal(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "ledger"\0\0');
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Speaks no TLS; whoever comes without is asked for a password, and refused. */
export const falsePostgres = (): Promise<FalseServer> =>
  listen((socket, sent) => {
    if (sent.length === 8 && sent.readInt32BE(4) === SSL_REQUEST) socket.write('N');
    else if (isPassword(sent)) socket.end(refusal());
    else socket.write(ASK_PASSWORD);
  });

/** Ends whatever connection speaks to it. */
export const falseBroker = (): Promise<FalseServer> => listen((socket) => void socket.end());
