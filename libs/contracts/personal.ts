/** Where the personal properties of a contract are (wire format 4). */
import type { ObjectSchema, Personal, Schema } from './schema.ts';

/** Structurally the `PersonalPointer` of the application's contracts port. */
export interface PersonalPointer {
  /** Pointer inside `data`; a member name `*` stands for the label of a repeated person or the code of an entry. */
  readonly pointer: string;
  /** Whose datum it is: `applicant`, `submitter`, `officer`; `*`: the label itself. */
  readonly subject: string;
  readonly class: Personal['class'];
  /** It stands in every data of this contract. */
  readonly required: boolean;
}

export interface Commitment extends PersonalPointer {
  /** Its name in `_sd`: the pointer, or a pattern of pointers when `labelled`. */
  readonly key: string;
  readonly labelled: boolean;
  /** The member of `data` in which it stands, if it does not stand in `data` itself. */
  readonly container?: string;
  /** Required in its container, whether that is there or not. */
  readonly neededInside: boolean;
  readonly schema: Schema;
}

interface Walk {
  readonly pointer: string;
  readonly pattern: string;
  readonly labelled: boolean;
  /** Every container on the way is required. */
  readonly certain: boolean;
  readonly container?: string;
}

/** In the order of the schema. Throws for what no pointer may pass: an array; and for a container inside a
 * container, for which the committed rendering could not say what is required. */
export function commitmentsOf(data: ObjectSchema): readonly Commitment[] {
  return [...membersOf(data, { pointer: '', pattern: '', labelled: false, certain: true })];
}

function* membersOf(schema: ObjectSchema, walk: Walk): Generator<Commitment> {
  for (const [name, member] of Object.entries(schema.properties)) {
    const needed = schema.required.includes(name);
    const below = { ...walk, pointer: `${walk.pointer}/${name}`, pattern: `${walk.pattern}/${name}` };
    yield* found(member, { ...below, certain: walk.certain && needed }, needed);
  }
  for (const [pattern, member] of Object.entries(schema.patternProperties ?? {})) {
    const labelled = { ...walk, pointer: `${walk.pointer}/*`, pattern: `${walk.pattern}/${pattern.slice(1, -1)}` };
    yield* found(member, { ...labelled, labelled: true, certain: false }, false);
  }
}

function* found(schema: Schema, walk: Walk, neededInside: boolean): Generator<Commitment> {
  const personal = schema['x-personal'];
  if (personal) yield commitmentAt(schema, personal, { ...walk, neededInside });
  else yield* foundInside(schema, walk);
}
function commitmentAt(schema: Schema, personal: Personal, walk: Walk & { neededInside: boolean }): Commitment {
  return {
    pointer: walk.pointer,
    subject: personal.subject === '<label>' ? '*' : personal.subject,
    class: personal.class,
    required: walk.certain,
    key: walk.labelled ? `^${walk.pattern}$` : walk.pointer,
    labelled: walk.labelled,
    ...(walk.container === undefined ? {} : { container: walk.container }),
    neededInside: walk.neededInside,
    schema,
  };
}
function* foundInside(schema: Schema, walk: Walk): Generator<Commitment> {
  if (schema.type === 'array' && hasPersonal(schema))
    throw new Error(`personal member inside the array ${walk.pointer}`);
  if (schema.type !== 'object') return;
  const tooDeep = depthOf(walk) > (walk.labelled ? 2 : 1);
  if (tooDeep && hasPersonal(schema)) throw new Error(`personal members too deep under ${walk.pointer}`);
  yield* membersOf(schema, walk.container === undefined ? { ...walk, container: walk.pointer.slice(1) } : walk);
}
const depthOf = ({ pointer }: Walk): number => pointer.split('/').length - 1;

/** Whether it, or anything in it, is personal. */
export function hasPersonal(schema: Schema): boolean {
  if (schema['x-personal']) return true;
  if (schema.type === 'array')
    return [...(schema.prefixItems ?? []), ...(schema.items ? [schema.items] : [])].some(hasPersonal);
  return (
    schema.type === 'object' && Object.values({ ...schema.properties, ...schema.patternProperties }).some(hasPersonal)
  );
}
