import { Controller } from '@nestjs/common';
import {
  ActivityChanged,
  AppError,
  ChangeActivity,
  CreateActivity,
  SetActivityState,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime, sqlTimeOrNull } from '#database';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';
import { ActivityPlacesService } from './activity-places.service.js';
import { ActivityMetrics } from './activity.metrics.js';
import { mayBecome, normaliseActivityCode, planProblems } from './activity.rules.js';
import { adminViewOf, factOf, lockActivity, planOf, type ActivityRow } from './activity.store.js';

type Fields = Omit<HandledInputOf<typeof CreateActivity>, never>;

/** Activities as admins make them (P-05): draft, change, open, close, cancel. */
@Controller()
export class ActivityAdminService {
  constructor(
    private readonly places: ActivityPlacesService,
    private readonly metrics: ActivityMetrics,
  ) {}

  @HandleCommand(CreateActivity)
  async create(input: Fields, context: CommandContext): Promise<OutputOf<typeof CreateActivity>> {
    const { tx, now, call } = context;
    requirePermission(call, 'activity.manage');
    const columns = columnsOf(input);
    const made = {
      ...columns,
      state: 'draft' as const,
      joined: 0,
      waiting: 0,
      created_by: call.actor.kind === 'user' ? call.actor.user_id : null,
      created_at: sqlTime(now),
      updated_at: sqlTime(now),
    };
    refuseNonsense({ ...made, id: 0 });
    const { insertId } = await tx.insert('activities', made);
    const row: ActivityRow = { ...made, id: insertId };
    context.emit(ActivityChanged, { ...factOf(row), state: row.state }, { after: auditOf(row) });
    this.metrics.became(tx, 'draft');
    return adminViewOf(row);
  }

  @HandleCommand(ChangeActivity)
  async change(
    { id, ...wanted }: HandledInputOf<typeof ChangeActivity>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeActivity>> {
    const { tx, now, call } = context;
    requirePermission(call, 'activity.manage');
    const before = await lockActivity(tx, id);
    if (before.state === 'cancelled')
      throw new AppError('activity.state_conflict', { state: before.state, wanted: 'changed' });
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const columns = columnsOf({ ...adminViewOf(before), ...(given as Partial<Fields>) });
    const after: ActivityRow = { ...before, ...columns, updated_at: sqlTime(now) };
    refuseNonsense(after);
    if (after.capacity < after.joined)
      throw new AppError('activity.invalid', { problems: [{ path: 'capacity', problem: 'below_places_taken' }] });
    const keys = Object.keys(columns) as (keyof typeof columns)[];
    await tx.execute(
      `UPDATE activities SET ${keys.map((key) => `${key} = ?`).join(', ')}, updated_at = ? WHERE id = ?`,
      [...keys.map((key) => columns[key]), after.updated_at, id],
    );
    const change = { before: auditOf(before), after: auditOf(after) };
    context.emit(ActivityChanged, { ...factOf(after), state: after.state }, change);
    if (after.starts_at !== before.starts_at || after.ends_at !== before.ends_at)
      await this.places.tellMoved(context, after);
    return adminViewOf(await this.places.promote(context, after));
  }

  /** The state it has already is no change, so that a repeat does no harm. */
  @HandleCommand(SetActivityState)
  async setState(
    { id, state }: HandledInputOf<typeof SetActivityState>,
    context: CommandContext,
  ): Promise<OutputOf<typeof SetActivityState>> {
    const { tx, now, call } = context;
    requirePermission(call, 'activity.manage');
    const before = await lockActivity(tx, id);
    if (before.state === state) return adminViewOf(before);
    if (!mayBecome(before.state, state))
      throw new AppError('activity.state_conflict', { state: before.state, wanted: state });
    if (state === 'open' && planOf(before).endsAt <= now)
      throw new AppError('activity.invalid', { problems: [{ path: 'ends_at', problem: 'past' }] });
    const after: ActivityRow = { ...before, state, updated_at: sqlTime(now) };
    await tx.execute('UPDATE activities SET state = ?, updated_at = ? WHERE id = ?', [state, after.updated_at, id]);
    context.emit(
      ActivityChanged,
      { ...factOf(after), state },
      { before: { state: before.state }, after: { activity_id: id, state } },
    );
    if (state === 'cancelled') await this.places.tellCancelled(context, after);
    this.metrics.became(tx, state);
    return adminViewOf(after);
  }
}

function refuseNonsense(row: ActivityRow): void {
  const problems = planProblems(planOf(row));
  if (problems.length > 0) throw new AppError('activity.invalid', { problems });
}

function columnsOf(fields: Fields) {
  return {
    title: JSON.stringify(fields.title),
    description: JSON.stringify(fields.description),
    starts_at: sqlTime(new Date(fields.starts_at)),
    ends_at: sqlTime(new Date(fields.ends_at)),
    registration_opens_at: sqlTimeOrNull(fields.registration_opens_at),
    registration_closes_at: sqlTimeOrNull(fields.registration_closes_at),
    capacity: fields.capacity,
    points: fields.points,
    way: fields.way,
    code: fields.code === null ? null : normaliseActivityCode(fields.code),
    latitude: fields.latitude,
    longitude: fields.longitude,
    radius_m: fields.radius_m,
    waitlist: Number(fields.waitlist),
  };
}

/** What the audit entry shows: not the code. */
function auditOf(row: ActivityRow): Record<string, unknown> {
  const { code, ...shown } = adminViewOf(row);
  return { ...shown, has_code: code !== null };
}
