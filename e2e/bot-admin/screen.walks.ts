import { expect, it } from 'vitest';
import type { EmulatedMember } from '#testing';
import { givePoints } from '../stages/admin.doors.js';
import type { Person, Stage } from '../stages/index.js';

const soon = { timeoutMs: 30_000 };
const dayMs = 86_400_000;

interface Identified {
  id: number;
}

interface Amnesty {
  from_day: string;
  until_day: string;
  undone_at: string | null;
}

interface Order extends Identified {
  status: string;
  note: string | null;
  fulfilment_code: string | null;
}

/** Each walk has an admin of its own: a chat takes its messages one after the other. */
export const screenAdmins = ['welcomer', 'postmaster', 'shopkeeper', 'forgiver'] as const;

interface Walks {
  readonly stage: () => Stage;
  readonly admins: () => Record<(typeof screenAdmins)[number], Person>;
}

/** The screens of the admin menu for what is also done over REST, each in another language: part of the suite that calls it. */
export function walkThroughScreens(walks: Walks): void {
  walkThroughCodes(walks);
  walkThroughBlacklist(walks);
  walkThroughShop(walks);
  walkThroughAmnesties(walks);
}

function walkThroughCodes({ stage, admins }: Walks): void {
  it.concurrent('B-04, U-05 makes invite codes and switches one off, in Chinese', async () => {
    const { chat, rest } = admins().welcomer;
    await speak(chat, '中文', /我们说中文/);
    await chat.send('/admin');
    await chat.click('🎫 邀请码');
    await chat.waitForMessage(/社区邀请码/, soon);
    await chat.click('➕ 生成邀请码');
    await chat.click('一个月');
    await chat.waitForMessage(/要生成几个/, soon);
    await chat.send('很多');
    await chat.waitForMessage(/请发送 1 到 500 之间的数字/, soon);
    await chat.send('２');
    await chat.waitForMessage(/每个邀请码可以用几次/, soon);
    await chat.click('♾ 不限次数');
    await chat.waitForMessage(/有效期到什么时候/, soon);
    await chat.send('2001-01-01');
    await chat.waitForMessage(/请发送将来的日期/, soon);
    await chat.send('2001-01-01\n2041-05-04');
    await chat.waitForMessage(
      /2 个新邀请码[\s\S]*一个月[\s\S]*不限使用人数[\s\S]*2001年1月1日[\s\S]*2041年5月4日/,
      soon,
    );
    await chat.click('✅ 确认执行');
    const { text = '' } = await chat.waitForMessage(/已生成 2 个邀请码/, soon);
    const codes = text.split('\n').slice(-2);
    const register = async (code = ''): Promise<number> =>
      (await (await memberOf(stage(), 'Guest')).rest.call('POST', '/v1/registrations', { body: { invite_code: code } }))
        .code;
    expect(await register(codes[0])).toBe(0);
    await chat.click('🎫 邀请码');
    await chat.waitForMessage(/点选一个/, soon);
    await chat.click(new RegExp(`🟢 ${codes[0]} · 一个月 · 1/∞`));
    await chat.waitForMessage(/可以使用/, soon);
    await chat.click('⚪ 停用');
    await chat.waitForMessage(/⚪ 已停用/, soon);
    expect(await register(codes[0])).toBe(20202);
    await chat.click('◀️ 返回列表');
    await chat.waitForMessage(/社区邀请码/, soon);
    const listed = await rest.get<{ items: { code: string; enabled: boolean }[] }>('/v1/admin/invite-codes');
    expect(listed.items.find(({ code }) => code === codes[1])).toMatchObject({ enabled: true, max_uses: null });
    await makeCodes(chat, '500');
    await chat.waitForMessage(/已生成 500 个邀请码，都在文件里/, soon);
    const files = chat.chat().flatMap(({ document }) => document ?? []);
    expect(files).toMatchObject([{ file_name: expect.stringMatching(/^invite-codes-\d+\.txt$/), file_size: 500 * 9 }]);
    expect((await rest.get<{ total: number }>('/v1/admin/invite-codes')).total).toBeGreaterThanOrEqual(502);
  });
}

/** Trial codes, for one each, without an end; in Chinese. */
async function makeCodes(chat: EmulatedMember, count: string): Promise<void> {
  await chat.click('➕ 生成邀请码');
  await chat.click('试用');
  await chat.waitForMessage(/要生成几个/, soon);
  await chat.send(count);
  await chat.waitForMessage(/每个邀请码可以用几次/, soon);
  await chat.send('1');
  await chat.waitForMessage(/有效期到什么时候/, soon);
  await chat.click('♾ 立即生效，长期有效');
  await chat.click('✅ 确认执行');
}

function walkThroughBlacklist({ admins }: Walks): void {
  it.concurrent('B-04, U-08 keeps the mail blacklist, in Russian', async () => {
    const { chat, rest } = admins().postmaster;
    await speak(chat, 'Русский', /говорим по-русски/);
    const isFree = async (address: string): Promise<boolean> => {
      const path = `/v1/admin/email-address-checks?email=${encodeURIComponent(address)}`;
      return (await rest.get<{ blocked_by: string | null }>(path)).blocked_by === null;
    };
    const open = async (): Promise<void> => {
      await chat.send('/admin');
      await chat.click('🚷 Чёрный список почты');
    };
    await open();
    await chat.click('➕ Домен');
    await chat.send('not a domain');
    await chat.waitForMessage(/Такую запись использовать нельзя/, soon);
    await chat.send('spam.example\nреклама весной');
    await chat.waitForMessage(/spam\.example теперь в списке/, soon);
    expect(await isFree('anna@mail.spam.example')).toBe(false);
    await open();
    await chat.click('➕ Шаблон');
    await chat.send('promo*@*.example');
    await chat.waitForMessage(/Проверьте шаблон/, soon);
    expect(await isFree('promo1@shop.example')).toBe(true);
    await chat.click('✅ Да, выполнить');
    await chat.waitForMessage(/теперь в списке/, soon);
    expect(await isFree('promo1@shop.example')).toBe(false);
    await open();
    await chat.click('🔎 Проверить адрес');
    await chat.send('promo2@shop.example');
    await chat.waitForMessage(/подходит под шаблон promo\*@\*\.example/, soon);
    await open();
    await chat.click(/spam\.example/);
    await chat.waitForMessage(/реклама весной/, soon);
    await chat.click('🗑 Убрать из списка');
    await chat.waitForMessage(/Убрать spam\.example из списка\?/, soon);
    await chat.click('🗑 Да, убрать');
    await chat.waitForMessage(/больше не в списке/, soon);
    expect(await isFree('anna@mail.spam.example')).toBe(true);
  });
}

function walkThroughShop({ stage, admins }: Walks): void {
  it.concurrent('B-04, P-07 carries orders out and looks after the shelf, in English', async () => {
    const { chat, rest } = admins().shopkeeper;
    const name = { zh: '优惠券', en: 'Tea voucher', ru: 'Чай' };
    const body = { exchange_type: 'coupon', name, points_required: 5, stock: 3 };
    const item = await rest.post<Identified>('/v1/admin/exchanges', { body });
    const buyer = await memberOf(stage(), 'Buyer');
    await givePoints(rest, buyer.id, 10, 'helped at the desk');
    const buy = (): Promise<Order> => buyer.rest.post('/v1/points/exchange', { body: { exchange_id: item.id } });
    const [first, second] = [await buy(), await buy()];
    const stateOf = (id: number): Promise<Order> => buyer.rest.get(`/v1/points/exchange-orders/${id}`);
    await chat.send('/admin');
    await chat.click('📦 Shop orders');
    await chat.click(new RegExp(`^#${first.id} · Tea voucher`));
    await chat.waitForMessage(/Tea voucher[\s\S]*nobody has begun[\s\S]*Buyer/, soon);
    await chat.click('🧵 We are preparing it');
    await chat.waitForMessage(/being prepared/, soon);
    await chat.click('✅ It is done');
    await chat.send('TEA-2031');
    await chat.waitForMessage(/✅ done[\s\S]*TEA-2031/, soon);
    expect(await stateOf(first.id)).toMatchObject({ status: 'completed', fulfilment_code: 'TEA-2031' });
    await chat.click('📦 Shop orders');
    await chat.click(new RegExp(`^#${second.id} · Tea voucher`));
    await chat.click('✖️ Cancel it');
    await chat.send('no');
    await chat.waitForMessage(/3 to 255/, soon);
    await chat.send('the tea has run out');
    await chat.waitForMessage(/cancelled, the points are back[\s\S]*the tea has run out/, soon);
    expect(await stateOf(second.id)).toMatchObject({ status: 'cancelled', note: 'the tea has run out' });
    expect((await buyer.rest.get<{ balance: number }>('/v1/points/balance')).balance).toBe(5);
    await chat.send('/admin');
    await chat.click('🛍 Shop items');
    await chat.click(/Tea voucher · 2/);
    await chat.click('📦 Change the stock');
    await chat.send('-50 a spill');
    await chat.waitForMessage(/stock/, soon);
    await chat.send('+10 a new delivery');
    await chat.waitForMessage(/In stock: 12/, soon);
    await chat.click('⚪ Take off the shelf');
    await chat.waitForMessage(/⚪ off the shelf/, soon);
    expect((await buyer.rest.call('POST', '/v1/points/exchange', { body: { exchange_id: item.id } })).status).toBe(409);
  });
}

function walkThroughAmnesties({ admins }: Walks): void {
  it.concurrent('B-04, P-02 forgives days and takes it back, in Chinese', async () => {
    const { chat, rest } = admins().forgiver;
    await speak(chat, '中文', /我们说中文/);
    const [first = '', last = '', tooLate = ''] = [20, 21, 90].map((days) =>
      new Date(Date.now() + days * dayMs).toISOString().slice(0, 10),
    );
    const declare = async (days: string): Promise<void> => {
      await chat.send('/admin');
      await chat.click('🕊 签到豁免');
      await chat.click('➕ 豁免日期');
      await chat.send(days);
      await chat.waitForMessage(/原因是什么/, soon);
      await chat.send('机房搬迁');
      await chat.waitForMessage(/请核对[\s\S]*机房搬迁/, soon);
      await chat.click('✅ 确认执行');
    };
    await declare(tooLate);
    await chat.waitForMessage(/这些日子不能豁免：晚于 30 天以后/, soon);
    await declare(`${first}\n${last}`);
    await chat.waitForMessage(/机房搬迁[\s\S]*由 #\d+ 设置/, soon);
    const declared = { from_day: first, until_day: last };
    const newest = async (): Promise<Amnesty | undefined> =>
      (await rest.get<{ items: Amnesty[] }>('/v1/admin/amnesties')).items[0];
    expect(await newest()).toMatchObject({ ...declared, undone_at: null });
    await chat.click('↩️ 撤销');
    await chat.send('搬迁改期');
    await chat.click('✅ 确认执行');
    await chat.waitForMessage(/已撤销/, soon);
    expect(await newest()).toMatchObject({ ...declared, undone_at: expect.any(String) });
  });
}

async function memberOf(stage: Stage, first_name: string): Promise<Person & Identified> {
  const person = await stage.person({ first_name, language_code: 'en' });
  return { ...person, ...(await person.rest.get<Identified>('/v1/users/me')) };
}

async function speak(chat: EmulatedMember, language: string, answer: RegExp): Promise<void> {
  await chat.send('/language');
  await chat.click(language, soon);
  await chat.waitForMessage(answer, soon);
}
