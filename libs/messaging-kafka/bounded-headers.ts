/**
 * kafkajs joins the headers of a record by copying, for each one, all that came before it. A record of 900 kB holds a hundred
 * thousand headers: whoever writes one would keep the process of every reader busy for hours, and again after each restart.
 * The protocol knows three headers, so only the first few of a record are read; they stand last in it, and nothing after
 * them is missed. kafkajs is frozen and offers no place for this but its decoder. Proved by `hostile-producer.int.spec.ts`.
 */
import { createRequire } from 'node:module';

interface RecordDecoder {
  readVarInt(): number;
}
interface DecoderClass {
  readonly prototype: RecordDecoder & {
    /** Of all that kafkajs decodes, headers alone are such an array. */
    readVarIntArray: (this: RecordDecoder, read: (decoder: RecordDecoder) => unknown) => unknown[];
  };
}

const MOST_HEADERS = 32;

export function boundHeaders(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/protocol/decoder') as DecoderClass;
  prototype.readVarIntArray = function readFirst(read) {
    const length = Math.min(this.readVarInt(), MOST_HEADERS);
    return Array.from({ length: Math.max(length, 0) }, () => read(this));
  };
}
