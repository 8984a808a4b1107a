import { AppError, type Content, type ContentKind, type ContentState } from '#contracts';
import { isoTime, isoTimeOrNull, type Reader, type SqlTime, type SqlValue, type Tx } from '#database';

export interface ContentRow {
  id: number;
  user_id: number;
  kind: ContentKind;
  title: string;
  body: string | null;
  link: string | null;
  photo_file_id: string | null;
  duplicate_key: string;
  status: ContentState;
  points: number | null;
  reason: string | null;
  submitted_at: SqlTime;
  decided_at: SqlTime | null;
}

const columns = `id, user_id, kind, title, body, link, photo_file_id, duplicate_key, status, points, reason,
  submitted_at, decided_at`;

/** The submission, locked until the end of the transaction. @throws AppError content.not_found */
export async function lockContent(tx: Tx, id: number): Promise<ContentRow> {
  const row = await tx.one<ContentRow>(`SELECT ${columns} FROM contents WHERE id = ?${tx.lock}`, [id]);
  if (!row) throw new AppError('content.not_found');
  return row;
}

export interface ContentFilter {
  readonly where: string;
  readonly values: readonly SqlValue[];
  readonly order: 'id' | 'id DESC';
}

export async function pageOfContents(
  reader: Reader,
  { where, values, order }: ContentFilter,
  { page, page_size }: { page: number; page_size: number },
): Promise<{ items: Content[]; page: number; page_size: number; total: number }> {
  const total = await reader.count(`contents WHERE ${where}`, values);
  const rows = await reader.query<ContentRow>(
    `SELECT ${columns} FROM contents WHERE ${where} ORDER BY ${order} LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    values,
  );
  return { items: rows.map(viewOf), page, page_size, total };
}

export function viewOf(row: ContentRow): Content {
  return {
    id: row.id,
    user_id: row.user_id,
    kind: row.kind,
    title: row.title,
    text: row.body,
    link: row.link,
    photo_file_id: row.photo_file_id,
    status: row.status,
    points: row.points,
    reason: row.reason,
    submitted_at: isoTime(row.submitted_at),
    decided_at: isoTimeOrNull(row.decided_at),
  };
}

/** What events say about which submission it was. */
export function factOf({ id, user_id, kind, title }: ContentRow): {
  content_id: number;
  user_id: number;
  kind: ContentKind;
  title: string;
} {
  return { content_id: id, user_id, kind, title };
}
