/** What the API answers about messages in trouble. Times are real; ages in seconds when it was asked. */
interface Said {
  readonly vi: string;
  readonly en: string;
}
export interface TroubleReasonView {
  readonly reason: string;
  readonly count: number;
  readonly bytes: number;
  readonly oldest: string;
  readonly ageSeconds: number;
  readonly more?: true;
  readonly advice: Said;
}
export interface TroubleKindView {
  readonly kind: string;
  readonly count: number;
  readonly bytes: number;
  readonly oldest?: string;
  readonly ageSeconds?: number;
  /** More than were counted. */
  readonly more?: true;
  readonly reasons: readonly TroubleReasonView[];
}
export interface StoppedLoopView {
  readonly loop: string;
  readonly peer?: string;
  readonly since: string;
  readonly by: string;
  readonly reason: string;
}
export interface TroubleView {
  readonly node: string;
  readonly at: string;
  readonly kinds: readonly TroubleKindView[];
  readonly stopped: readonly StoppedLoopView[];
}
export interface TroubleItemView {
  readonly kind: string;
  readonly reason: string;
  readonly since: string;
  readonly ageSeconds: number;
  readonly bytes: number;
  readonly advice: Said;
  readonly subject?: string;
  readonly source?: string;
  readonly hash?: string;
  readonly number?: number;
  readonly line?: number;
  readonly stage?: string;
  readonly peer?: string;
  readonly waitsFor?: string;
  readonly until?: string;
  /** Of a parked one. */
  readonly dossier?: {
    readonly unapplied: number;
    readonly situation: string;
    readonly dossierCode?: string;
    readonly custodian?: string;
  };
}
export interface TroublePageView {
  readonly items: readonly TroubleItemView[];
  readonly next?: string;
}
export interface SelectionView {
  readonly messages: number;
  readonly bytes: number;
  readonly upTo: number;
}
export interface RedriveView {
  readonly job: string;
  readonly state: string;
  readonly selection: Readonly<Record<string, string>>;
  readonly messages: number;
  readonly bytes: number;
  readonly left: number;
  readonly batch: number;
  readonly perMinute: number;
  readonly agency: string;
  readonly by: string;
  readonly reason: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Hash of the event that started it: the cause of every event that it made. */
  readonly event: string;
  readonly progress: {
    readonly recorded: number;
    readonly held: number;
    readonly duplicate: number;
    readonly answered: number;
    readonly sent: number;
    readonly asked: number;
    readonly applied: number;
    readonly failed: number;
    /** Of the failed, those that failed as they had at first. */
    readonly failedAsBefore: number;
    readonly gone: number;
  };
  readonly acts: readonly {
    readonly act: string;
    readonly reason: string;
    readonly by: string;
    readonly at: string;
  }[];
}
export interface RedrivePageView {
  readonly items: readonly RedriveView[];
  readonly next?: string;
}
export interface RedriveTryView {
  readonly job: string;
  readonly number: number;
  readonly became: string;
  readonly stage?: string;
  readonly code?: string;
  /** Of another kind than quarantined: why it was in trouble, and what it is. */
  readonly was?: string;
  readonly subject?: string;
  readonly hash?: string;
  readonly triedAt: string;
}
export interface RedriveTriesView {
  readonly items: readonly RedriveTryView[];
  readonly next?: number;
}
export interface LoopsView {
  readonly stopped: readonly StoppedLoopView[];
}
