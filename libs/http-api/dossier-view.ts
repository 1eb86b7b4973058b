/** What the API answers about dossiers; also the only types that a console may import. Instants are UTC with milliseconds. */
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
  /** Pointers inside `data`. */
  readonly masked: readonly string[];
  /** Of the masked ones, those whose person's data have been erased. */
  readonly erased: readonly string[];
  readonly logIndex: number;
  readonly effect: string;
}
export interface HistoryView {
  /** The main branch, by place. */
  readonly events: readonly EventView[];
  readonly superseded: readonly EventView[];
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
  /** Latest hand-over by the desk that received it; absent once work has begun or it was forwarded, and for what came online. */
  readonly handOverBy?: string;
  readonly parked?: string;
  /**
   * Events whose personal data this node may open as the custodian, or as the one the transfer names, and has not been sent
   * yet: until they are here it is not accepted (`OPENINGS_MISSING`). Absent: none, or of a past moment.
   */
  readonly openingsAwaited?: number;
  /** Its agency has ended or released it, and no selector says who follows: `rehomer` names one by `rehome`. */
  readonly awaitingAssignment?: {
    readonly rehomer: string;
    readonly why: string;
    readonly candidates: readonly string[];
  };
  readonly head: { readonly hash: string; readonly place: number; readonly recordedAt: string };
  /** Commands that the caller may give now, by agency, role and situation; none of a past moment. */
  readonly allowed: readonly string[];
  /** What lost against the main branch, as of today: answered, or waiting for the custodian. Not the sides of a fork. */
  readonly superseded: readonly SupersededView[];
  /** What was accepted and is to be seen, in the order of the events; absent: nothing. */
  readonly warnings?: readonly WarningView[];
  readonly facts: unknown;
}
/** What one agency signed at one place that others hold now: answered at once. */
export interface SupersededView {
  readonly place: number;
  readonly agency: string;
  readonly events: readonly { readonly hash: string; readonly type: string }[];
  readonly status: 'answered' | 'unanswered';
  /** The event of the main branch that took one of them over, or refused one. */
  readonly answer?: { readonly how: 'taken-over' | 'refused'; readonly event: string };
}
export interface CommandView {
  /** Hash of the command message; its address is `/v1/commands/{hash}`. Absent: decided at once. */
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
  /** What is to be seen of what was accepted; absent: nothing. */
  readonly warnings?: readonly WarningView[];
}
/** A rule was not kept, and the act was accepted all the same. */
export interface WarningView {
  readonly code: string;
  readonly message: { readonly vi: string; readonly en: string };
  /** Hash of the event that it is about. */
  readonly event: string;
}
export interface RevealView {
  readonly subject: string;
  readonly events: readonly {
    readonly hash: string;
    readonly place: number;
    readonly type: string;
    /** Value by pointer; of an erased field `đã xóa theo quy định`. */
    readonly fields: Readonly<Record<string, unknown>>;
    readonly erased: readonly string[];
    /** Committed, but no opening is held at this node. */
    readonly notHeld: readonly string[];
  }[];
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
