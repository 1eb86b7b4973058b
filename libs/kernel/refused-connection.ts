/**
 * Why a server, or we, would not speak over TLS, for a person to read: what Node, OpenSSL and PostgreSQL call it in codes
 * and words of their own, with what to do. Proved against real servers by `libs/messaging-kafka/tls.int.spec.ts` and
 * `libs/event-store-postgres/tls.int.spec.ts`.
 */
interface Fault {
  readonly found: RegExp;
  readonly why: string;
}

/** Address, number and source line, after the code that says the same. */
const OPENSSL = /[0-9A-F]+:error:[^]*$/;

/** Looked at in this order, over code and message of the error together. */
const FAULTS: readonly Fault[] = [
  {
    found: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|certificate has expired|certificate is not yet valid/,
    why: 'the certificate of the server is not valid now: it must be replaced there (or the clock here is wrong)',
  },
  {
    found: /ERR_TLS_CERT_ALTNAME_INVALID/,
    why: 'the certificate of the server is for another host name: use the name that it was issued for, or issue it for this one',
  },
  {
    found:
      /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|CERT_REVOKED|INVALID_CA/,
    why: 'the certificate of the server is not from the authority trusted here: name the file of the right one (KAFKA_SSL_CA, or sslrootcert in the URL)',
  },
  {
    found:
      /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(EXPIRED|UNKNOWN|REVOKED)|UNSUPPORTED_CERTIFICATE)|requires a valid client certificate|certificate authentication failed/i,
    why: 'the server does not take the certificate of this client: none was shown (KAFKA_SSL_CERT and KAFKA_SSL_KEY, or sslcert and sslkey in the URL), or it is expired, for another name, or not from the authority trusted there',
  },
  {
    found:
      /does not support SSL connections|before secure TLS connection was established|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG/,
    why: 'TLS is wanted here and the server does not speak it at this port: turn it on there, or name its TLS port; nothing is sent in the clear instead',
  },
  {
    found: /no encryption|speaks only TLS/,
    why: 'the server speaks only TLS here: set KAFKA_SSL=true, or sslmode=verify-full in the URL',
  },
  { found: /ERR_(TLS|SSL|OSSL)_/, why: 'TLS failed' },
];

/** What to do about an error of a connection; undefined when TLS is not what failed. Never quotes a secret. */
export function whyRefused(error: { readonly code?: unknown; readonly message?: unknown }): string | undefined {
  const { code, message } = error;
  const said = [code, message].filter((part) => typeof part === 'string').join(' ');
  const fault = FAULTS.find(({ found }) => found.test(said));
  return fault && `${fault.why} (${said.replace(OPENSSL, '').trim()})`;
}
