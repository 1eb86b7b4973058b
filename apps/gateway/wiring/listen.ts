import type { INestApplication } from '@nestjs/common';
import type { GatewayConfig } from '#libs/config';
import { DomainError } from '#libs/kernel';

/** @throws DomainError `PORT_IN_USE`, which names the variables */
export async function listen(app: INestApplication, { httpHost, httpPort }: GatewayConfig): Promise<void> {
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
