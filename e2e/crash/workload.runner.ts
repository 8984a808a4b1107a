import type { Answer } from '../platform/index.js';
import type { CrashPlan, Manner, Wish } from './crash.plan.js';
import type { ExpectedLedger } from './expected.ledger.js';
import type { Offers } from './expected.types.js';
import type { Participant } from './participants.js';
import type { PatientCaller } from './patient.caller.js';
import { communityDay, type SimulatedCalendar } from './simulated.calendar.js';
import { isAccepted, VisitActs, type Act } from './visit.acts.js';

const atATime = 48;

interface Answered {
  readonly act: Act;
  readonly answer: Answer;
}

/** Carries out the plan's wishes day by day, compares every answer with the model, and remembers what was wrong. */
export class WorkloadRunner {
  readonly violations: string[] = [];
  readonly counts = {
    check_ins: 0,
    makeups: 0,
    purchases: 0,
    cancellations: 0,
    seats: 0,
    rewards: 0,
    sold_out_or_full: 0,
    twins: 0,
    refused_again: 0,
    repeats: 0,
  };
  private readonly acts: VisitActs;
  /** What was accepted, by member and day. */
  private readonly accepted = new Map<string, Answered[]>();
  private fulfilled = 0;

  constructor(
    private readonly parts: {
      platform: { clockOffset(offsetMs: number): Promise<void> };
      plan: CrashPlan;
      calendar: SimulatedCalendar;
      participants: readonly Participant[];
      caller: PatientCaller;
      ledger: ExpectedLedger;
      offers: Offers;
      onProgress(wishesFulfilled: number): void;
    },
  ) {
    this.acts = new VisitActs(parts.ledger, parts.offers);
  }

  async run(): Promise<void> {
    const { plan, platform, calendar } = this.parts;
    for (const [day, wishes] of plan.days.entries()) {
      // Every wish of the day before is answered: nothing of it can slip into the new day.
      await platform.clockOffset(calendar.offsetMs(day));
      await this.runDay(wishes);
    }
  }

  private async runDay(wishes: readonly Wish[]): Promise<void> {
    const queue = wishes[Symbol.iterator]();
    const work = async (): Promise<void> => {
      for (const wish of queue) {
        await this.fulfil(wish);
        this.fulfilled += 1;
        this.parts.onProgress(this.fulfilled);
      }
    };
    await Promise.all(Array.from({ length: atATime }, work));
  }

  private async fulfil(wish: Wish): Promise<void> {
    const { member, day, repeatDay } = wish;
    const { tokens, userId } = this.parts.participants[member] as Participant;
    if (repeatDay !== null) {
      for (const earlier of this.accepted.get(`${member}-${repeatDay}`) ?? []) await this.repeat(wish, earlier);
    }
    const dayOf = (number: number): string => communityDay(this.parts.calendar.noonOf(number));
    const visit = { wish, userId, firstDay: dayOf(0), today: dayOf(day) };
    const ask = (act: Act, manner: Manner) => this.carryOut(tokens, act, manner, `${member}-${day}`);
    await ask(this.acts.checkIn(visit), wish);
    for (const planned of wish.acts) {
      // Decided only now, when the member's books hold what came before.
      const act = this.acts.further(visit, planned);
      if (act) await ask(act, planned);
    }
  }

  private async carryOut(
    tokens: Participant['tokens'],
    act: Act,
    { gateway, twin, thenAgain, thenRepeat }: Manner,
    visit: string,
  ): Promise<void> {
    const send = (first: number, key = act.key): Promise<Answer> =>
      this.parts.caller.send(tokens, { ...act, key }, first);
    const [answer, ...others] = await Promise.all([send(gateway), ...(twin ? [send(gateway + 1)] : [])]);
    const answered = { act, answer };
    if (twin) this.counts.twins += 1;
    for (const other of others) this.compare(answered, other, 'a twin');
    if (!isAccepted(answer)) return this.refused(answered);
    this.counts[act.what] += 1;
    this.violations.push(...act.accept(answer.data));
    this.accepted.set(visit, [...(this.accepted.get(visit) ?? []), answered]);
    if (thenAgain && act.codesAgain.length > 0) {
      const { status, code } = await send(gateway, `${act.key}-again`);
      this.counts.refused_again += 1;
      if (!act.codesAgain.includes(code)) this.violations.push(`answer: ${act.key}-again got ${status} ${code}`);
    }
    if (thenRepeat) {
      this.counts.repeats += 1;
      this.compare(answered, await send(gateway), 'a repeat');
    }
  }

  private refused({ act, answer }: Answered): void {
    if (act.refusal?.code === answer.code) {
      act.refusal.note();
      this.counts.sold_out_or_full += 1;
      return;
    }
    const { status, code, data } = answer;
    this.violations.push(`answer: ${act.key} was refused: ${status} ${code} ${JSON.stringify(data)}`);
  }

  private async repeat({ member, gateway }: Wish, earlier: Answered): Promise<void> {
    const { tokens } = this.parts.participants[member] as Participant;
    this.counts.repeats += 1;
    this.compare(earlier, await this.parts.caller.send(tokens, earlier.act, gateway), 'a repeat');
  }

  private compare({ act, answer: first }: Answered, answer: Answer, what: string): void {
    const [is, must] = [answer, first].map(({ status, code, data }) => JSON.stringify([status, code, data]));
    if (is !== must) this.violations.push(`answer: ${what} of ${act.key} got ${is} instead of ${must}`);
  }
}
