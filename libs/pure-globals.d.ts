/**
 * What the pure rooms may use beyond the language: text coding, which is a function of its input alone. Everything else
 * (`process`, `fetch`, timers, `node:*`) does not exist for the compiler there.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
