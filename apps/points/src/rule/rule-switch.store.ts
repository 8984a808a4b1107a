import type { Reader, SqlTime, Tx } from '#database';

export interface RuleSwitchRow {
  is_on: number;
  reason: string | null;
  changed_at: SqlTime;
}

/** Whether rules give points at all. */
export function readSwitch(reader: Reader): Promise<RuleSwitchRow> {
  return find(reader, '');
}

/** The one row under whose lock rules are counted and stopped. */
export function lockSwitch(tx: Tx): Promise<RuleSwitchRow> {
  return find(tx, tx.lock);
}

async function find(reader: Reader, lock: Tx['lock']): Promise<RuleSwitchRow> {
  const row = await reader.one<RuleSwitchRow>(`SELECT is_on, reason, changed_at FROM rule_switch WHERE id = 1${lock}`);
  if (!row) throw new Error('the switch of the rules is missing');
  return row;
}
