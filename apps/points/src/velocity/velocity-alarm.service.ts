import { Controller } from '@nestjs/common';
import {
  AcknowledgeVelocityAlarm,
  AppError,
  ListVelocityAlarms,
  ResolveVelocityAlarm,
  VelocityAlarmHandled,
  type AlarmState,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime, type SqlValue } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireUser,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { alarmSelect, alarmViewOf, type VelocityAlarmRow, type VelocityAlarmView } from './velocity.store.js';

interface Handling {
  readonly id: number;
  readonly to: AlarmState;
  /** From which states. */
  readonly from: readonly AlarmState[];
  readonly note: string | null;
}

/** Alarms for admins (P-09): seen, looked into, closed. */
@Controller()
export class VelocityAlarmService {
  @HandleCommand(AcknowledgeVelocityAlarm)
  async acknowledge(
    { id, note }: HandledInputOf<typeof AcknowledgeVelocityAlarm>,
    context: CommandContext,
  ): Promise<OutputOf<typeof AcknowledgeVelocityAlarm>> {
    requirePermission(context.call, 'velocity.decide');
    return this.handle(context, { id, to: 'acknowledged', from: ['open'], note: note ?? null });
  }

  @HandleCommand(ResolveVelocityAlarm)
  async resolve(
    { id, note }: HandledInputOf<typeof ResolveVelocityAlarm>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ResolveVelocityAlarm>> {
    requirePermission(context.call, 'velocity.decide');
    return this.handle(context, { id, to: 'resolved', from: ['open', 'acknowledged'], note });
  }

  @HandleQuery(ListVelocityAlarms)
  async list(
    input: HandledInputOf<typeof ListVelocityAlarms>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListVelocityAlarms>> {
    requirePermission(call, 'velocity.read');
    const conditions: { sql: string; values: SqlValue[] }[] = [
      { sql: '1 = 1', values: [] },
      ...(input.state === undefined ? [] : [{ sql: 'a.state = ?', values: [input.state] }]),
      ...(input.rule_id === undefined ? [] : [{ sql: 'a.rule_id = ?', values: [input.rule_id] }]),
      ...(input.user_id === undefined ? [] : [{ sql: 'a.subject = ?', values: [`user:${input.user_id}`] }]),
    ];
    const where = conditions.map(({ sql }) => sql).join(' AND ');
    const values = conditions.flatMap((condition) => condition.values);
    const total = await reader.count(`velocity_alarms a WHERE ${where}`, values);
    const offset = (input.page - 1) * input.page_size;
    const rows = await reader.query<VelocityAlarmRow>(
      `${alarmSelect} WHERE ${where} ORDER BY a.id DESC LIMIT ${input.page_size} OFFSET ${offset}`,
      values,
    );
    return { items: rows.map(alarmViewOf), page: input.page, page_size: input.page_size, total };
  }

  private async handle(context: CommandContext, { id, to, from, note }: Handling): Promise<VelocityAlarmView> {
    const adminId = requireUser(context.call);
    const { tx, now } = context;
    const row = await tx.one<VelocityAlarmRow>(`${alarmSelect} WHERE a.id = ?${tx.lock}`, [id]);
    if (!row) throw new AppError('velocity.alarm_unknown');
    if (!from.includes(row.state)) throw new AppError('velocity.alarm_handled');
    const after = { ...row, state: to, handled_by: adminId, handled_at: sqlTime(now), note: note ?? row.note };
    await tx.execute(
      `UPDATE velocity_alarms SET state = ?, handled_by = ?, handled_at = ?, note = ?,
       open_key = CASE WHEN ? = 'resolved' THEN NULL ELSE open_key END WHERE id = ?`,
      [to, adminId, after.handled_at, after.note, to, id],
    );
    const view = alarmViewOf(after);
    const { rule_id, rule_name, scope, user_id, record_type } = view;
    context.emit(
      VelocityAlarmHandled,
      {
        alarm_id: id,
        rule_id,
        rule_name,
        scope,
        user_id,
        record_type,
        state: to,
        handled_by: adminId,
        note: after.note,
      },
      { ...(user_id !== null && { user_id }), before: { state: row.state }, after: { state: to, note: after.note } },
    );
    return view;
  }
}
