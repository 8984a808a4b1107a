import type { z } from 'zod';
import { pointRecordTypes, type PointRecordType, type velocityAlarmSchema, type velocityRuleSchema } from '#contracts';
import { isoTime, isoTimeOrNull, type SqlTime } from '#database';
import { partsOfSubject, type WatchRule } from './velocity.rules.js';

export type VelocityRuleView = z.infer<typeof velocityRuleSchema>;
export type VelocityAlarmView = z.infer<typeof velocityAlarmSchema>;

export interface VelocityRuleRow {
  id: number;
  name: string;
  scope: WatchRule['scope'];
  direction: WatchRule['direction'];
  record_type: PointRecordType | null;
  window_minutes: number;
  points_at_most: number | null;
  records_at_most: number | null;
  enabled: number;
  created_at: SqlTime;
  updated_at: SqlTime;
}

export interface VelocityAlarmRow {
  id: number;
  rule_id: number;
  rule_name: string;
  scope: WatchRule['scope'];
  subject: string;
  points: number;
  records: number;
  state: VelocityAlarmView['state'];
  raised_at: SqlTime;
  last_seen_at: SqlTime;
  handled_by: number | null;
  handled_at: SqlTime | null;
  note: string | null;
}

export const ruleColumns = `id, name, scope, direction, record_type, window_minutes, points_at_most, records_at_most, enabled,
  created_at, updated_at`;

export const alarmSelect = `SELECT a.id, a.rule_id, r.name AS rule_name, r.scope, a.subject, a.points, a.records, a.state,
  a.raised_at, a.last_seen_at, a.handled_by, a.handled_at, a.note
  FROM velocity_alarms a JOIN velocity_rules r ON r.id = a.rule_id`;

export function watchRuleOf(row: VelocityRuleRow): WatchRule {
  return {
    id: row.id,
    scope: row.scope,
    direction: row.direction,
    recordType: row.record_type,
    windowMinutes: row.window_minutes,
    pointsAtMost: row.points_at_most,
    recordsAtMost: row.records_at_most,
  };
}

export function ruleViewOf(row: VelocityRuleRow): VelocityRuleView {
  return {
    ...row,
    enabled: row.enabled === 1,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  };
}

export function alarmViewOf({ subject, ...row }: VelocityAlarmRow): VelocityAlarmView {
  const { userId, recordType } = partsOfSubject(subject);
  return {
    ...row,
    user_id: userId,
    record_type: isRecordType(recordType) ? recordType : null,
    raised_at: isoTime(row.raised_at),
    last_seen_at: isoTime(row.last_seen_at),
    handled_at: isoTimeOrNull(row.handled_at),
  };
}

export function isRecordType(text: string | null): text is PointRecordType {
  return text !== null && Object.hasOwn(pointRecordTypes, text);
}
