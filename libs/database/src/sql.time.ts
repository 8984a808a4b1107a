/** A time as both engines store and return it: `YYYY-MM-DD HH:MM:SS.mmm`, UTC. */
export type SqlTime = string;

export function sqlTime(time: Date): SqlTime {
  return time.toISOString().replace('T', ' ').slice(0, 23);
}

/** Of a moment, or of a time as the REST interface takes it. */
export function sqlTimeOrNull(time: Date | string | null): SqlTime | null {
  return time === null ? null : sqlTime(new Date(time));
}

export function fromSqlTime(time: SqlTime): Date {
  return new Date(`${time.replace(' ', 'T')}Z`);
}

export function fromSqlTimeOrNull(time: SqlTime | null): Date | null {
  return time === null ? null : fromSqlTime(time);
}

/** As the REST interface shows times: ISO 8601 in UTC. */
export function isoTime(time: SqlTime): string {
  return fromSqlTime(time).toISOString();
}

export function isoTimeOrNull(time: SqlTime | null): string | null {
  return time === null ? null : isoTime(time);
}
