import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { RestClient } from '../platform/index.js';
import { freshAddress } from '../stages/fresh.names.js';
import type { Stage } from '../stages/index.js';

/** `docs/membership-states.md`: state -> action -> what happens. */
export function readStateTable(): { actions: string[]; rows: { state: string; outcomes: string[] }[] } {
  const lines = readFileSync('docs/membership-states.md', 'utf8').split('\n');
  const cells = lines
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [head = [], , ...rows] = cells;
  return { actions: head.slice(1), rows: rows.map(([state = '', ...outcomes]) => ({ state, outcomes })) };
}

const dayMs = 86_400_000;
/** The id of no item and no activity: whoever may ask is told that there is none, everybody else is told why they may not. */
const nothing = 999_999_999;

/** What the table's cells are tried with. */
export class StateTrial {
  /** A code counts once for each member: who is formal by the first renews with the second. */
  private codes = { month: '', secondMonth: '', permanent: '' };
  private inviters: RestClient[] = [];
  private inviterId = 0;
  private sure: Promise<RestClient> | undefined;

  constructor(private readonly stage: Stage) {}

  /** Codes that many may use, and members who may make codes. */
  async prepare(): Promise<void> {
    const sure = await this.steppedUpAdmin();
    const code = async (plan: string): Promise<string> => {
      const body = { kind: 'system_formal', plan, max_uses: 1_000 };
      const { items } = await sure.post<{ items: { code: string }[] }>('/v1/admin/invite-codes', { body });
      return items[0]?.code ?? '';
    };
    this.codes = {
      month: await code('month'),
      secondMonth: await code('month'),
      permanent: await code('permanent'),
    };
    for (let index = 0; index < 2; index += 1) this.inviters.push(await this.somebody('permanent'));
    this.inviterId = (await (this.inviters[0] as RestClient).get<{ id: number }>('/v1/users/me')).id;
  }

  /** Somebody new in this state; `expired` only in name: their trial is over once the clock has moved on. */
  async somebody(state: string): Promise<RestClient> {
    const { rest } = await this.stage.person({ first_name: 'State', language_code: 'en' });
    const register = (invite_code: string) => rest.post('/v1/registrations', { body: { invite_code } });
    if (state === 'trial' || state === 'expired') await register('COSPLAY7');
    if (state === 'formal') await register(this.codes.month);
    if (state === 'permanent') await register(this.codes.permanent);
    if (state === 'deletion pending') await rest.post('/v1/users/me/deletion', { body: {} });
    if (state === 'banned') {
      const { id } = await rest.get<{ id: number }>('/v1/users/me');
      await (
        await this.steppedUpAdmin()
      ).post(`/v1/admin/users/${id}/bans`, { body: { reason: 'for the table of states' } });
    }
    return rest;
  }

  private steppedUpAdmin(): Promise<RestClient> {
    this.sure ??= this.stage.steppedUpAdmin();
    return this.sure;
  }

  /** What the platform answers to the action: `ok` or the number of the refusal. */
  async outcome(rest: RestClient, action: string): Promise<string> {
    const { code } = await this.act(rest, action);
    return code === 0 ? 'ok' : String(code);
  }

  private async act(rest: RestClient, action: string): Promise<{ code: number }> {
    const register = (invite_code: string) => rest.call('POST', '/v1/registrations', { body: { invite_code } });
    switch (action) {
      case 'trial code':
        return register('COSPLAY7');
      case 'month code':
        return register(this.codes.secondMonth);
      case 'permanent code':
        return register(this.codes.permanent);
      case "member's code":
        return register(await this.memberCode());
      case 'make a code':
        return rest.call('POST', '/v1/invite-codes', { body: {} });
      case 'check in':
        return rest.call('POST', '/v1/check-ins', { body: {} });
      case 'make up a day':
        return rest.call('POST', '/v1/check-ins/makeups', { body: { day: dayBefore() } });
      case 'exchange':
        return rest.call('POST', '/v1/points/exchange', { body: { exchange_id: nothing } });
      case 'take part':
        return rest.call('POST', `/v1/activities/${nothing}/participation`, { body: {} });
      case 'follow':
        return rest.call('POST', '/v1/users/me/follows', { body: { user_id: this.inviterId } });
      case 'delete':
        return rest.call('POST', '/v1/users/me/deletion', { body: {} });
      case 'bind address':
        return rest.call('POST', '/v1/users/me/email-verifications', { body: { email: freshAddress('state') } });
      case 'own profile':
        return rest.call('GET', '/v1/users/me');
      case 'restore':
        return rest.call('POST', '/v1/users/me/restoration', { body: {} });
      default:
        return expect.fail(`nobody knows how to try "${action}"`);
    }
  }

  /** Whoever asked for a deletion takes it back: when a later test lets the grace pass, its erasure does not stand behind theirs. */
  async keepAll(people: readonly RestClient[]): Promise<void> {
    await Promise.all(people.map((rest) => rest.call('POST', '/v1/users/me/restoration', { body: {} })));
  }

  private async memberCode(): Promise<string> {
    for (const inviter of this.inviters) {
      const { code, data } = await inviter.call<{ code: string }>('POST', '/v1/invite-codes', { body: {} });
      if (code === 0) return data.code;
    }
    return expect.fail('the inviters have too many unused codes');
  }
}

/** A day that was over, anywhere, before anybody of the test came. */
function dayBefore(): string {
  return new Date(Date.now() - 2 * dayMs).toISOString().slice(0, 10);
}
