import { expect } from 'vitest';
import { eventually, type EmulatedMember } from '#testing';
import type { RestClient } from '../platform/index.js';
import type { Person, Stage } from './stage.types.js';

const soon = { timeoutMs: 30_000 };

/** Admins by these names; `first` is the one that the platform's settings name. Each has a chat of its own. */
export async function openAdmins<Name extends string>(
  stage: Stage,
  names: readonly Name[],
): Promise<Record<Name, Person>> {
  const sure = await stage.steppedUpAdmin();
  const opened = await Promise.all(
    names.map(async (name) => [name, await (name === 'first' ? firstAdmin(stage) : furtherAdmin(stage, sure, name))]),
  );
  return Object.fromEntries(opened) as Record<Name, Person>;
}

/** The admin that TELEGRAM_ADMIN_ID names, at both doors. */
export async function firstAdmin(stage: Stage): Promise<Person> {
  const rest = await stage.admin();
  const { telegram_id } = await rest.get<{ telegram_id: string }>('/v1/users/me');
  const chat = stage.emulator.member({ id: Number(telegram_id), first_name: 'Admin', language_code: 'en' });
  await greet(chat);
  return { chat, rest };
}

/** Points from an admin; the ledger hears of somebody new a moment after they came (P-09). */
export function givePoints(admin: RestClient, userId: number, points: number, reason: string): Promise<unknown> {
  const body = { user_id: userId, points, reason };
  return eventually(() => admin.post('/v1/admin/point-adjustments', { body }));
}

/** Waits until the ledger has heard of somebody new without points: then it says that they have none to hold, not that there is nobody. */
export async function ledgerKnows(admin: RestClient, userId: number): Promise<void> {
  const body = { user_id: userId, points: 1, reason: 'is anybody there' };
  await eventually(async () => {
    expect(await admin.call('POST', '/v1/admin/points/holds', { body })).toMatchObject({ status: 409, code: 20003 });
  });
}

/** Another admin, made by the first one (U-13). */
async function furtherAdmin(stage: Stage, sure: RestClient, firstName: string): Promise<Person> {
  const profile = { first_name: firstName, language_code: 'en' };
  const { chat, rest } = await stage.person(profile);
  const { id } = await rest.get<{ id: number }>('/v1/users/me');
  const body = { role: 'admin', reason: 'looks after the tests' };
  const answer = await sure.call('PUT', `/v1/admin/users/${id}/role`, { body });
  if (answer.status !== 200) throw new Error(`the role was not given: ${answer.status}`);
  await greet(chat);
  // A token made after the change names the new role: no gateway has to hear of it first.
  return stage.person({ ...profile, id: chat.id });
}

async function greet(chat: EmulatedMember): Promise<void> {
  await chat.start();
  await chat.click('English', soon);
  await chat.waitForMessage(/we speak English now/, soon);
}
