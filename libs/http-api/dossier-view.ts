/** What the API answers; also the only types that a console may import. Instants are UTC with milliseconds. */
export interface EventView {
  readonly hash: string;
  readonly place: number;
  readonly type: string;
  readonly agency: string;
  readonly agencyName?: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** Clear members; personal members are named in `masked`. */
  readonly data: unknown;
  readonly masked: readonly string[];
  readonly logIndex: number;
  readonly effect: string;
}
export interface DossierView {
  readonly subject: string;
  readonly situation: string;
  readonly dossierCode?: string;
  readonly receivingAgency: string;
  readonly custodian?: string;
  readonly inTransit?: { readonly from: string; readonly to: string };
  readonly dueAt?: string;
  /** Working days left until `dueAt`, negative when overdue; absent without a due date or after the end. */
  readonly workingDaysLeft?: number;
  readonly parked?: string;
  readonly head: { readonly hash: string; readonly place: number; readonly recordedAt: string };
  readonly allowed: readonly string[];
  readonly facts: unknown;
}
export interface CommandView {
  /** Hash of the command message; its address is `/v1/commands/{hash}`. */
  readonly command?: string;
  readonly status: 'accepted' | 'refused' | 'pending';
  readonly subject: string;
  readonly events: readonly { readonly hash: string; readonly type?: string; readonly place?: number }[];
  readonly code?: string;
  readonly message?: { readonly vi: string; readonly en: string };
  readonly allowed?: readonly string[];
  readonly situation?: string;
  readonly dossierCode?: string;
  readonly dueAt?: string;
}
/** RFC 9457 problem. `type` is stable: `urn:lienthong:problem:<code in kebab case>`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly message: { readonly vi: string; readonly en: string };
  readonly [extension: string]: unknown;
}
