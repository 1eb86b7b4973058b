/**
 * The mix of a day, in one table. What the half-year of Gia Lâm says (levels, online share, number a day) is read from
 * `reference/seed-figures.json` and stands in `figures.ts`. Everything below is **illustrative**: no source gives it. It is
 * chosen so that a day of some 390 dossiers shows every way a dossier can go between the three levels.
 * `mix.spec.ts` holds plans against it.
 */

/** What happens to one dossier besides its ordinary way. */
export type Incident =
  | 'none'
  /** A paper is missing: asked for by whoever has the dossier, handed in at the one-stop unit that received it. */
  | 'supplement'
  /** Another agency is asked for its opinion and gives it from its own node. */
  | 'opinion'
  /** The applicant pays at the one-stop unit that received the dossier while another agency has it. */
  | 'paid-elsewhere'
  /** Sent to an agency that is not competent, which declines. */
  | 'misdirected'
  /** Forwarded too early and called back. */
  | 'recalled'
  /** The applicant withdraws at the one-stop unit that received the dossier. */
  | 'withdrawn'
  /** The due date is moved once, with an apology. */
  | 'extended'
  /** Refused after appraisal. */
  | 'refused';

type Shares<T extends string> = readonly (readonly [T, number])[];
/** Least and most, both included. */
type Span = readonly [number, number];

export const MIX = {
  /** Of the dossiers of communes, of those of the district: procedures whose route leads to another level. */
  otherLevelOfCommune: 0.13,
  otherLevelOfDistrict: 0.25,

  /** In percent. A dossier whose route stays at one level cannot meet what needs a second one. */
  incidentsOfOtherLevel: [
    ['none', 36],
    ['supplement', 12],
    ['opinion', 10],
    ['paid-elsewhere', 9],
    ['misdirected', 7],
    ['recalled', 7],
    ['withdrawn', 7],
    ['extended', 6],
    ['refused', 6],
  ] as Shares<Incident>,
  incidentsOfOneLevel: [
    ['none', 88],
    ['supplement', 4],
    ['opinion', 2],
    ['withdrawn', 2],
    ['extended', 2],
    ['refused', 2],
  ] as Shares<Incident>,

  /** Of what is not online: sent by public post; of all: handed in by somebody else, or under a written authority. */
  publicPost: 0.03,
  handedInBy: [
    ['applicant', 84],
    ['submitter', 10],
    ['proxy', 6],
  ] as Shares<'applicant' | 'submitter' | 'proxy'>,
  /** Applicants that are enterprises, where the procedure is one that enterprises use. */
  enterprise: 0.1,

  /** Of what comes online: filed by the city's portal adapter where it has a node, so that filing itself crosses nodes. */
  throughPortal: 0.4,
  /** Of what comes online: refused at intake; first asked for a paper, then received. */
  refusedAtIntake: 0.04,
  supplementAtIntake: 0.06,
  /** Of what comes on paper: digitised at the desk. */
  digitised: 0.6,

  /** Of the fees: waived; else paid in one of these ways at once. */
  feeWaived: 0.03,
  /** Charge for sending the result by public post, đồng; illustrative. */
  postage: 26_500,

  returnMethodOnline: [
    ['online', 55],
    ['counter', 35],
    ['post', 10],
  ] as Shares<'online' | 'counter' | 'post'>,
  returnMethodOnPaper: [
    ['counter', 93],
    ['post', 7],
  ] as Shares<'online' | 'counter' | 'post'>,

  /**
   * Share of the dossiers that are settled on the day they came, by the limit of their procedure in working days; the rest
   * is deliberately left waiting on its way. Same-day procedures wait only when they came too late.
   */
  settledToday: [
    { uptoDays: 0, share: 1 },
    { uptoDays: 1, share: 0.9 },
    { uptoDays: 3, share: 0.55 },
    { uptoDays: 10, share: 0.5 },
    { uptoDays: Infinity, share: 0.4 },
  ],
  /** Of the results returned. */
  rated: 0.15,
  ratings: [
    ['very-satisfied', 55],
    ['satisfied', 40],
    ['unsatisfied', 4],
    ['very-unsatisfied', 1],
  ] as Shares<'very-satisfied' | 'satisfied' | 'unsatisfied' | 'very-unsatisfied'>,

  /** Arrivals over ten equal parts of the working time: most in the first hours of morning and afternoon. */
  arrivals: [14, 15, 14, 11, 8, 10, 11, 9, 6, 2],
  /** What goes to another level comes in the first part of the day, so that the day shows its whole way. */
  otherLevelArrivesWithin: 0.65,

  /** Working minutes that an act takes, from the one before it. */
  minutes: {
    atTheDesk: [2, 6],
    look: [4, 12],
    appraisal: [8, 30],
    decision: [4, 15],
    /** From `forwarded` until somebody at the next agency begins. */
    handOver: [6, 15],
    applicant: [30, 90],
    opinion: [20, 60],
    collection: [3, 20],
  } as const satisfies Record<string, Span>,
} as const;

/**
 * How often a procedure is asked for, beside others of the same level and kind of route. Civil status and certified copies
 * dominate at communes, household businesses at the district. Illustrative; a procedure in force that is not named counts 1.
 */
export const PROCEDURE_WEIGHTS: Readonly<Record<string, number>> = {
  '2.000815': 62, // chứng thực bản sao
  '2.000884': 12, // chứng thực chữ ký
  '2.000908': 4, // bản sao từ sổ gốc
  '2.000635': 26, // trích lục hộ tịch
  '1.001193': 16, // khai sinh
  '1.000656': 7, // khai tử
  '1.000894': 7, // kết hôn
  '1.004873': 18, // tình trạng hôn nhân
  '1.004859': 4, // cải chính hộ tịch
  '1.010041': 9, // xác nhận cư trú
  '1.004194': 8, // tạm trú
  '1.004222': 6, // thường trú
  '1.001776': 6, // trợ cấp xã hội hằng tháng
  '1.001731': 5, // mai táng
  '2.000986': 6, // liên thông khai sinh
  '1.010824': 4, // người có công từ trần
  '1.010803': 4, // thờ cúng liệt sĩ
  '1.001612': 40, // hộ kinh doanh
  '2.000720': 22, // thay đổi hộ kinh doanh
  '2.000528': 4, // khai sinh có yếu tố nước ngoài
  '2.000806': 3, // kết hôn có yếu tố nước ngoài
  '2.000488': 8, // lý lịch tư pháp
};

/** Of a commune: drawn by the seed from 1 to 3, twice as much for a township (thị trấn). Illustrative. */
export const COMMUNE_WEIGHT = { least: 1, most: 3, township: 2 } as const;
