import type { Contract } from '#libs/contracts';
import type { JsonObject } from '#libs/kernel';

export const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** Under which a command's data stand among the schemas. */
export const schemaName = ({ kind, name }: Contract): string => `${kind}.${name}`;
