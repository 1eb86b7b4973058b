import type { Pool } from 'pg';
import type { OperatorAct, OperatorActs } from '#libs/use-cases';
import { classified } from './errors.ts';
import * as sql from './operator-acts.sql.ts';
import { bytesOfHash, instantOf } from './rows.ts';

export type ActRow = Omit<OperatorAct, 'at'> & { readonly at: Date };
export const actOf = ({ at, ...act }: ActRow): OperatorAct => ({ ...act, at: instantOf(at) });

export function operatorActs(pool: Pool): OperatorActs {
  return {
    async noteAct({ about, act, reason, by }, event) {
      await classified(() => pool.query({ ...sql.NOTE_ACT, values: [bytesOfHash(event), about, act, reason, by] }));
    },
    async readActs(about) {
      const { rows } = await classified(() => pool.query<ActRow>({ ...sql.READ_ACTS, values: [about] }));
      return rows.map(actOf);
    },
  };
}
