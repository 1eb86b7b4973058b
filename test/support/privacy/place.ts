/** Something that is kept or said, and where. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}
