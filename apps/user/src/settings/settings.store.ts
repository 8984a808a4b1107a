import { sqlTime, type Reader, type SqlTime, type Tx } from '#database';
import { nothingChosen, type ChosenSettings } from './settings.rules.js';

/** What a member has chosen, with the row's own facts. */
export interface KeptSettings {
  readonly chosen: ChosenSettings;
  readonly version: number;
  readonly completedAt: SqlTime | null;
}

type Row = Omit<ChosenSettings, 'show_in_leaderboards' | 'remind_check_in' | 'remind_membership'> & {
  show_in_leaderboards: number;
  remind_check_in: number;
  remind_membership: number;
  version: number;
  completed_at: SqlTime | null;
};

const select = `SELECT nickname, avatar_url, timezone, birthday, country, province, city, show_in_leaderboards,
  remind_check_in, remind_check_in_at, remind_membership, version, completed_at FROM user_settings WHERE user_id = ?`;

const nothingKept: KeptSettings = { chosen: nothingChosen, version: 0, completedAt: null };

export async function readSettings(reader: Reader, userId: number): Promise<KeptSettings> {
  const row = await reader.one<Row>(select, [userId]);
  return row ? keptOf(row) : nothingKept;
}

/** Makes the row where there is none, and holds it. */
export async function lockSettings(tx: Tx, userId: number, now: Date): Promise<KeptSettings> {
  await tx.upsert('user_settings', { user_id: userId, updated_at: sqlTime(now) }, { conflict: ['user_id'] });
  const row = await tx.one<Row>(`${select}${tx.lock}`, [userId]);
  if (!row) throw new Error('the settings vanished under their lock');
  return keptOf(row);
}

export async function writeSettings(tx: Tx, userId: number, kept: KeptSettings, now: Date): Promise<void> {
  const { chosen } = kept;
  await tx.execute(
    `UPDATE user_settings SET nickname = ?, avatar_url = ?, timezone = ?, birthday = ?, country = ?, province = ?, city = ?,
     show_in_leaderboards = ?, remind_check_in = ?, remind_check_in_at = ?, remind_membership = ?, version = ?,
     completed_at = ?, updated_at = ? WHERE user_id = ?`,
    [
      chosen.nickname,
      chosen.avatar_url,
      chosen.timezone,
      chosen.birthday,
      chosen.country,
      chosen.province,
      chosen.city,
      Number(chosen.show_in_leaderboards),
      Number(chosen.remind_check_in),
      chosen.remind_check_in_at,
      Number(chosen.remind_membership),
      kept.version,
      kept.completedAt,
      sqlTime(now),
      userId,
    ],
  );
}

function keptOf({ version, completed_at, ...row }: Row): KeptSettings {
  return {
    chosen: {
      ...row,
      show_in_leaderboards: row.show_in_leaderboards === 1,
      remind_check_in: row.remind_check_in === 1,
      remind_membership: row.remind_membership === 1,
    },
    version,
    completedAt: completed_at,
  };
}
