import { BusinessEventReported, CreateRule, SwitchRule, type InputOf, type Rule } from '#contracts';
import { memberCall, type ServiceHost } from '#testing/service.host';

export type RuleWish = InputOf<typeof CreateRule>;

/** A rule for what is shared in a shop. */
export function ruleWish(change: Partial<RuleWish> = {}): RuleWish {
  return {
    title: { zh: '分享', en: 'Shared', ru: 'Рассказ' },
    event_type: BusinessEventReported.name,
    condition: { '==': [{ var: 'kind' }, 'product_shared'] },
    points: 10,
    daily_limit: 1000,
    ...change,
  };
}

/** A rule that is there and on. */
export async function enabledRule({ client }: ServiceHost, wish = ruleWish()): Promise<Rule> {
  const admin = memberCall(900, 'admin');
  const { id } = await client.command(CreateRule, wish, admin);
  return client.command(SwitchRule, { id, enabled: true }, admin);
}

/** A condition deeper than anybody can read. */
export function bottomless(): Record<string, unknown> {
  let condition: Record<string, unknown> = { '>': [{ var: 'amount' }, 1] };
  for (let level = 0; level < 20_000; level += 1) condition = { '!': condition };
  return condition;
}

/** Few parts, and each of them right. */
export function long(): Record<string, unknown> {
  const kinds = Array.from({ length: 20 }, () => 'product_shared');
  return {
    or: Array.from({ length: 9 }, () => ({
      and: Array.from({ length: 5 }, () => ({ in: [{ var: 'kind' }, kinds] })),
    })),
  };
}
