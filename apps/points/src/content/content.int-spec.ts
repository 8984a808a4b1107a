import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ContentApproved,
  ContentRejected,
  DecideContent,
  GetBalance,
  ListOwnContents,
  ListPointRecords,
  ListPublishedContents,
  ListSubmittedContents,
  SubmitContent,
  WithdrawContent,
  type InputOf,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin');

onEachDatabase('content', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine);
    await host.moveToNoon();
  });
  afterAll(() => host.stop());

  const refused = (name: string) => expect.objectContaining({ errorName: name });
  const submit = (userId: number, work: Partial<InputOf<typeof SubmitContent>>) =>
    host.client.command(SubmitContent, { kind: 'text', title: 'Armour', ...work }, memberCall(userId));
  const decide = (id: number, decision: Omit<InputOf<typeof DecideContent>, 'id'>, call = admin) =>
    host.client.command(DecideContent, { id, ...decision }, call);

  it('P-05: is approved once with points, however many admins press at once', async () => {
    const { content, left_today } = await submit(1, { text: 'how I made the armour' });
    expect([content.status, left_today]).toEqual(['pending', 4]);
    const tries = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => decide(content.id, { approved: true, points: 20 + index })),
    );
    const done = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(done).toHaveLength(1);
    const points = done[0]?.points ?? 0;
    expect(await host.client.query(GetBalance, {}, memberCall(1))).toMatchObject({ balance: points });
    const { items } = await host.client.query(ListPointRecords, {}, memberCall(1));
    expect(items).toMatchObject([{ type: 'content', points, description: 'Armour' }]);
    expect(await decide(content.id, { approved: true, points })).toMatchObject({ status: 'approved' });
    await expect(decide(content.id, { approved: false, reason: 'too late' })).rejects.toEqual(
      refused('content.decided_already'),
    );
    await eventually(() => expect(host.payloadsOf(ContentApproved)).toMatchObject([{ user_id: 1, points }]));
    const published = await host.client.query(ListPublishedContents, {}, memberCall(2));
    expect(published.items.map(({ id }) => id)).toContain(content.id);
  });

  it('P-05: the same work is refused, whoever hands it in, until it was rejected or withdrawn', async () => {
    const link = 'https://example.org/tutorial';
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => submit(100 + index, { kind: 'link', link })),
    );
    const [first] = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value.content] : []));
    const refusals = tries.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refusals).toEqual(Array.from({ length: 19 }, () => refused('content.duplicate')));
    if (!first) throw new Error('nobody was first');
    await decide(first.id, { approved: false, reason: 'the page is empty' });
    await eventually(() =>
      expect(host.payloadsOf(ContentRejected)).toMatchObject([{ content_id: first.id, reason: 'the page is empty' }]),
    );
    const second = await submit(120, { kind: 'link', link: `${link}?utm_source=chat` });
    await expect(host.client.command(WithdrawContent, { id: second.content.id }, memberCall(121))).rejects.toEqual(
      refused('content.not_found'),
    );
    const withdrawn = await host.client.command(WithdrawContent, { id: second.content.id }, memberCall(120));
    expect(withdrawn.status).toBe('withdrawn');
    expect((await submit(121, { kind: 'link', link })).content.status).toBe('pending');
    await expect(decide(second.content.id, { approved: true, points: 5 })).rejects.toEqual(
      refused('content.decided_already'),
    );
  });

  it('P-05: five a day, also when they all come at once, and five more tomorrow', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => submit(3, { text: `story number ${index}` })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    await expect(submit(3, { text: 'one more' })).rejects.toMatchObject({
      errorName: 'content.too_many_today',
      params: { limit: 5 },
    });
    expect((await host.client.query(ListOwnContents, {}, memberCall(3))).total).toBe(5);
    await host.moveClock(dayMs);
    expect((await submit(3, { text: 'a new day' })).left_today).toBe(4);
    await host.moveClock(0);
  });

  it.each([
    ['points below 5', { approved: true, points: 4 }, 'request.invalid'],
    ['points above 50', { approved: true, points: 51 }, 'request.invalid'],
    ['points in parts', { approved: true, points: 5.5 }, 'request.invalid'],
    ['no points', { approved: true }, 'content.invalid'],
    ['no reason', { approved: false }, 'content.invalid'],
  ])('P-05: refuses a decision with %s, and nothing is half done', async (what, decision, name) => {
    const { content } = await submit(4, { text: what });
    await expect(decide(content.id, decision)).rejects.toEqual(refused(name));
    const { items } = await host.client.query(ListSubmittedContents, { user_id: 4, page_size: 100 }, admin);
    expect(items.find(({ id }) => id === content.id)).toMatchObject({ status: 'pending', points: null });
    await host.client.command(WithdrawContent, { id: content.id }, memberCall(4));
  });

  it('P-05: nobody decides about their own work, and only admins decide', async () => {
    const { content } = await submit(900, { text: 'my own' });
    await expect(decide(content.id, { approved: true, points: 50 })).rejects.toEqual(refused('content.own'));
    await expect(decide(content.id, { approved: true, points: 50 }, memberCall(5))).rejects.toEqual(
      refused('auth.forbidden'),
    );
    expect(await decide(content.id, { approved: true, points: 50 }, memberCall(901, 'admin'))).toMatchObject({
      points: 50,
    });
    await expect(submit(5, { kind: 'photo' })).rejects.toEqual(refused('content.invalid'));
  });
});
