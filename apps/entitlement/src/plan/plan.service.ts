import { Controller } from '@nestjs/common';
import { AppError, ListPlans, type HandledInputOf, type OutputOf } from '#contracts';
import type { Reader } from '#database';
import { HandleQuery, type QueryContext } from '#messaging';

interface PlanRow {
  code: string;
  days: number | null;
  enabled: number;
}

/** @throws AppError plan.unknown for a plan that is not in the catalogue or switched off. */
export async function findPlan(reader: Reader, code: string): Promise<{ code: string; days: number | null }> {
  const row = await reader.one<PlanRow>('SELECT code, days, enabled FROM plans WHERE code = ?', [code]);
  if (!row || row.enabled !== 1) throw new AppError('plan.unknown');
  return { code: row.code, days: row.days };
}

/** The plan catalogue as data (E-01). */
@Controller()
export class PlanService {
  @HandleQuery(ListPlans)
  async list(_input: HandledInputOf<typeof ListPlans>, { reader }: QueryContext): Promise<OutputOf<typeof ListPlans>> {
    const rows = await reader.query<PlanRow>(
      'SELECT code, days, enabled FROM plans ORDER BY days IS NULL, days LIMIT 100',
    );
    return { items: rows.map(({ code, days, enabled }) => ({ code, days, enabled: enabled === 1 })) };
  }
}
