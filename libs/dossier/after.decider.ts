/** Links, what comes after the end, erasure and corrections. */
import type { Instant } from '#libs/kernel';
import type { DecisionContext } from './context.ts';
import { defined, stated } from './defined.ts';
import type { Petition } from './facts.state.ts';
import type { FiledState } from './filed.state.ts';
import type {
  AnswerPetitionData,
  CorrectData,
  ErasePersonalDataData,
  FilePetitionData,
  LinkData,
  RateSatisfactionData,
} from './generated/commands.ts';
import { findLabelled } from './labelled.ts';
import { refuse, type Decided, type Refused } from './refusal.ts';
import { isClosed } from './situation.state.ts';

export function link(data: LinkData, { facts }: FiledState, context: DecisionContext): Decided {
  const { dossier, relation } = data;
  if (dossier === context.dossier) return refuse('LINK_TO_SELF');
  if (facts.links.some((known) => known.dossier === dossier && known.relation === relation))
    return refuse('LINK_EXISTS', { dossier });
  return [{ type: 'linked', data: stated(data) }];
}

export const rateSatisfaction = (data: RateSatisfactionData, { facts }: FiledState): Decided => [
  { type: 'satisfaction-rated', data: { ...stated(data), desk: data.desk ?? facts.receivingAgency } },
];

export function filePetition(data: FilePetitionData, { facts }: FiledState, context: DecisionContext): Decided {
  const { petition, concerns = facts.receivingAgency } = data;
  if (findLabelled(facts.petitions, petition) !== undefined) return refuse('PETITION_EXISTS', { petition });
  const rules = context.procedures.findDeadlines(facts.procedure, facts.channel);
  if (rules === undefined) return refuse('PROCEDURE_UNKNOWN', { procedure: facts.procedure.code });
  const due = rules.petitionDue(context.time);
  if (due === undefined) return refuse('RULE_NOT_IN_FORCE', { rule: 'petition', time: context.time });
  const { citation, ...dates } = due;
  return [
    {
      type: 'petition-filed',
      data: { ...stated(data), concerns, ...dates, legalBasis: citation, clock: rules.clock },
    },
  ];
}

/**
 * Each way to deal with a petition has its own deadline (indicator 5.2); late is recorded, never refused. What was solved and
 * not published then is published by the same answer once more, as published.
 */
export function answerPetition(data: AnswerPetitionData, { facts }: FiledState, context: DecisionContext): Decided {
  const { petition, outcome, published } = data;
  const filed = findLabelled(facts.petitions, petition);
  if (filed === undefined) return refuse('PETITION_UNKNOWN', { petition });
  const step = stepOf(filed, data);
  if (step === undefined) return refuse('PETITION_ALREADY_ANSWERED', { petition });
  const dueAt = step === 'answer' ? answerDue(filed, outcome) : filed.publishDueAt;
  const judged = { step, ...(dueAt === undefined ? {} : { dueAt, late: context.time > dueAt }) };
  const publishDueAt = outcome === 'solved' && !published ? publishDue(facts, context) : undefined;
  return [{ type: 'petition-answered', data: { ...stated(data), ...judged, ...defined({ publishDueAt }) } }];
}

/** Undefined: nothing is left to be done. */
function stepOf(
  { answeredAt, outcome, publishDueAt }: Petition,
  data: AnswerPetitionData,
): 'answer' | 'publication' | undefined {
  if (answeredAt === undefined) return 'answer';
  return publishDueAt !== undefined && data.published && data.outcome === outcome ? 'publication' : undefined;
}

function answerDue({ answerDueAt, refuseBy, askMoreBy }: Petition, outcome: AnswerPetitionData['outcome']): Instant {
  if (outcome === 'refused') return refuseBy ?? answerDueAt;
  return outcome === 'more-asked' ? (askMoreBy ?? answerDueAt) : answerDueAt;
}

const publishDue = ({ procedure, channel }: FiledState['facts'], { procedures, time }: DecisionContext) =>
  procedures.findDeadlines(procedure, channel)?.petitionPublishDue(time)?.dueAt;

/** Nghị định 13/2023 Art 16(2): what the agency needs for its legal duty is not erased, nor before retention has ended. */
export function erasePersonalData(data: ErasePersonalDataData, state: FiledState, context: DecisionContext): Decided {
  const { facts } = state;
  const fault = findFaultOfErasure(state, context);
  if (fault) return fault;
  const known = data.subjects.filter((subject) => facts.erasedSubjects.includes(subject));
  if (known.length === data.subjects.length) return refuse('ALREADY_ERASED', { subjects: known });
  return [{ type: 'personal-data-erased', data: stated(data) }];
}

function findFaultOfErasure(
  { situation, facts }: FiledState,
  { now, retention }: DecisionContext,
): Refused | undefined {
  if (!isClosed(situation) || facts.ending === undefined)
    return refuse('RETENTION_FORBIDS_ERASURE', { reason: 'dossier-open' });
  const erasableFrom = retention.erasableFrom(facts.result.returnedAt ?? facts.ending.at);
  if (erasableFrom === undefined) return refuse('RETENTION_FORBIDS_ERASURE', { reason: 'kept-for-ever' });
  return now < erasableFrom
    ? refuse('RETENTION_FORBIDS_ERASURE', { reason: 'retention', until: erasableFrom })
    : undefined;
}

/**
 * `corrected` replaces what an event of the main history said. `refused` answers superseded events that the custodian does
 * not take over (design 4); taking over is the ordinary command that names them (`taking-over.ts`).
 */
export function correct(data: CorrectData, context: DecisionContext): Decided {
  const { place } = data;
  const fault = data.verdict === 'corrected' ? findFaultOfCorrection(data, context) : findFaultOfAnswer(data, context);
  if (fault) return fault;
  if (place !== undefined && !context.directory.isTerritory(place.territory))
    return refuse('TERRITORY_UNKNOWN', { territory: place.territory });
  return [{ type: 'corrected', data: stated(data) }];
}

function findFaultOfCorrection({ corrects }: CorrectData, { findEvent }: DecisionContext): Refused | undefined {
  if (corrects === undefined) return refuse('INVALID', { fault: '/corrects' });
  switch (findEvent(corrects)?.on) {
    case 'main':
      return undefined;
    case 'superseded':
      return refuse('EVENT_SUPERSEDED', { event: corrects });
    case undefined:
      return refuse('EVENT_UNKNOWN', { event: corrects });
  }
}

/** Several of one author at one place are answered at once, so each of them only once (`superseded.ts`). */
function findFaultOfAnswer(data: CorrectData, { findEvent }: DecisionContext): Refused | undefined {
  const events = data.supersededEvents ?? [];
  if (events.length === 0) return refuse('INVALID', { fault: '/supersededEvents' });
  for (const event of events) {
    const found = findEvent(event);
    if (found === undefined) return refuse('EVENT_UNKNOWN', { event });
    if (found.on === 'main') return refuse('EVENT_NOT_SUPERSEDED', { event });
    if (found.answered) return refuse('ALREADY_CORRECTED', { event });
  }
  return undefined;
}
