import type { Answer } from '../platform/index.js';
import type { CrashPlan, Wish } from './crash.plan.js';
import type { CheckInAnswer, ExpectedLedger } from './expected.ledger.js';
import type { Participant } from './participants.js';
import type { PatientCaller } from './patient.caller.js';
import { communityDay, type SimulatedCalendar } from './simulated.calendar.js';

const atATime = 48;
const alreadyDone = 20_401;

/** Carries out the plan's wishes day by day, compares every answer with the model, and remembers what was wrong. */
export class WorkloadRunner {
  readonly violations: string[] = [];
  readonly counts = { accepted: 0, twins: 0, refusedAgain: 0, repeats: 0 };
  private readonly answers = new Map<string, Answer>();

  constructor(
    private readonly parts: {
      platform: { clockOffset(offsetMs: number): Promise<void> };
      plan: CrashPlan;
      calendar: SimulatedCalendar;
      participants: readonly Participant[];
      caller: PatientCaller;
      ledger: ExpectedLedger;
      onProgress(wishesFulfilled: number): void;
    },
  ) {}

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
        this.counts.accepted += 1;
        this.parts.onProgress(this.counts.accepted);
      }
    };
    await Promise.all(Array.from({ length: atATime }, work));
  }

  private async fulfil(wish: Wish): Promise<void> {
    const { member, day, key, twin } = wish;
    if (wish.repeatDay !== null) await this.repeat(wish, `check-in-${member}-${wish.repeatDay}`);
    const [answer, ...others] = await Promise.all([this.ask(wish, key), ...(twin ? [this.ask(wish, key, 1)] : [])]);
    this.answers.set(key, answer);
    if (twin) this.counts.twins += 1;
    for (const other of others) this.compare(key, other, 'a twin');
    if (answer.status !== 201) {
      this.violations.push(
        `answer: ${key} was refused: ${answer.status} ${answer.code} ${JSON.stringify(answer.data)}`,
      );
      return;
    }
    const { userId } = this.participant(wish);
    const dayName = communityDay(this.parts.calendar.noonOf(day));
    this.violations.push(...this.parts.ledger.accept(userId, dayName, answer.data as CheckInAnswer));
    if (wish.thenAgain) await this.tryAgain(wish);
    if (wish.thenRepeat) await this.repeat(wish, key);
  }

  private async tryAgain(wish: Wish): Promise<void> {
    const { status, code } = await this.ask(wish, `${wish.key}-again`);
    this.counts.refusedAgain += 1;
    if (code !== alreadyDone)
      this.violations.push(`answer: a second check-in, ${wish.key}-again, got ${status} ${code}`);
  }

  private async repeat(wish: Wish, key: string): Promise<void> {
    this.counts.repeats += 1;
    this.compare(key, await this.ask(wish, key), 'a repeat');
  }

  private compare(key: string, answer: Answer, what: string): void {
    const first = this.answers.get(key);
    const [is, must] = [answer, first].map((one) => JSON.stringify([one?.status, one?.code, one?.data]));
    if (is !== must) this.violations.push(`answer: ${what} of ${key} got ${is} instead of ${must}`);
  }

  private ask(wish: Wish, key: string, otherGateway = 0): Promise<Answer> {
    return this.parts.caller.checkIn(this.participant(wish).tokens, key, wish.gateway + otherGateway);
  }

  private participant({ member }: Wish): Participant {
    return this.parts.participants[member] as Participant;
  }
}
