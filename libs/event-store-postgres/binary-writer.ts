/** Writes PostgreSQL's binary forms one after the other into a buffer that grows. All numbers are big-endian. */
export class BinaryWriter {
  #buffer: Buffer;
  #at = 0;

  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafe(bytes);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }

  int64(value: number): void {
    this.#reserve(8);
    this.#buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), this.#at);
    this.#at = this.#buffer.writeUInt32BE(value >>> 0, this.#at + 4);
  }

  bigint64(value: bigint): void {
    this.#reserve(8);
    this.#at = this.#buffer.writeBigInt64BE(value, this.#at);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#at = this.#buffer.writeUInt8(value, this.#at);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  /** @returns number of bytes written */
  text(value: string, encoding: 'utf8' | 'base64url' | 'hex'): number {
    this.#reserve(value.length * 3);
    const written = this.#buffer.write(value, this.#at, encoding);
    this.#at += written;
    return written;
  }

  /** Writes what `write` writes after its length. */
  sized(write: () => void): void {
    const start = this.#at;
    this.int32(0);
    write();
    this.#buffer.writeInt32BE(this.#at - start - 4, start);
  }

  written(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  #reserve(more: number): void {
    const wanted = this.#at + more;
    if (wanted <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(wanted, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }
}
