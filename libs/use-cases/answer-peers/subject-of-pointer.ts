import { splitType } from '#libs/kernel';
import type { Contracts } from '../ports/index.ts';

/** Whose datum a pointer of a message holds, by its contract; for a type or pointer not known here the first member of it. */
export function subjectOfPointer(contracts: Contracts, type: string, pointer: string): string {
  const parts = splitType(type);
  const segments = pointer.split('/').slice(1);
  const stated = parts ? contracts.personalPointers(parts.kind, parts.name, parts.major) : [];
  const pattern = stated.find((candidate) => matches(candidate.pointer.split('/').slice(1), segments));
  if (!pattern) return segments[0] ?? 'unknown';
  if (pattern.subject !== '*') return pattern.subject;
  return segments[pattern.pointer.split('/').slice(1).indexOf('*')] ?? 'unknown';
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.length === segments.length && pattern.every((part, at) => part === '*' || part === segments[at]);
}
