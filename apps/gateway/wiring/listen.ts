import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type { GatewayConfig } from '#libs/config';
import { DomainError } from '#libs/kernel';

/** A request that has not come in whole by then, body and all, is cut off. */
const REQUEST_WITHIN_MS = 30_000;

/** @throws DomainError `PORT_IN_USE`, which names the variables */
export async function listen(app: INestApplication, config: GatewayConfig): Promise<void> {
  const { httpHost, httpPort } = config;
  const server = app.getHttpServer() as Server;
  server.maxConnections = config.httpConnectionsMax;
  server.requestTimeout = REQUEST_WITHIN_MS;
  try {
    await app.listen(httpPort, httpHost);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    throw new DomainError(
      'PORT_IN_USE',
      `Không mở được ${httpHost}:${httpPort} (${code}): hãy đặt HTTP_PORT, HTTP_HOST khác · Cannot listen at ${httpHost}:${httpPort} (${code}): set HTTP_PORT, HTTP_HOST to others`,
      { port: httpPort },
    );
  }
}
