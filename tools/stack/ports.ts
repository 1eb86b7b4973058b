import { createServer } from 'node:net';
import { StackError } from './messages.ts';

const HOST = '127.0.0.1';

/** Port 0 asks the kernel for a free one. Gives the port that could be bound, or undefined when it is taken. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: HOST, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

/**
 * The port that the variable demands (taken: an error that names the variable), else the one used last time, else a free
 * one. Somebody may take it before the server does; the server then ends and says so.
 */
export async function choosePort(variable: string, lastPort?: number): Promise<number> {
  const demanded = process.env[variable];
  if (demanded) {
    if (await tryPort(Number(demanded))) return Number(demanded);
    throw new StackError('PORT_IN_USE', {
      vi: `Cổng ${demanded} (${variable}) đang bị chiếm hoặc không hợp lệ. Hãy đặt ${variable} thành cổng khác, hoặc bỏ biến đó để tự chọn cổng trống.`,
      en: `Port ${demanded} (${variable}) is taken or not a port. Set ${variable} to another one, or unset it and a free one is chosen.`,
    });
  }
  const port = (lastPort && (await tryPort(lastPort))) || (await tryPort(0));
  if (port) return port;
  throw new StackError('PORT_IN_USE', {
    vi: `Không tìm được cổng trống nào ở ${HOST}. Hãy đặt ${variable}.`,
    en: `No free port found at ${HOST}. Set ${variable}.`,
  });
}
