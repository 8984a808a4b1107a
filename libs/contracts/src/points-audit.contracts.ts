import { z } from 'zod';
import { defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, pointsSchema, timeSchema, userIdSchema } from './field.schemas.js';

export const sealProblems = ['seal_missing', 'chain_broken', 'row_removed', 'row_inserted', 'row_changed'] as const;
export type SealProblem = (typeof sealProblems)[number];

export const bookProblems = [
  'balance',
  'frozen',
  'negative',
  'record_balance',
  'account_missing',
  'lifetime_earned',
] as const;
export type BookProblem = (typeof bookProblems)[number];
const bookProblemSchema = z.enum(bookProblems);

const sealSchema = z.object({
  seal_id: z.int(),
  first_id: z.int().describe('of the records under it'),
  last_id: z.int(),
  records: z.int(),
  previous_digest: z.string(),
  digest: z.string().describe('SHA-256 over the digest before, the range and every row'),
});

/** P-01: whether the ledger is as it was sealed. Some seals at a time: go on with `next_after_seal_id`. */
export const VerifyLedger = defineQuery({
  name: 'points.verify_ledger.v1',
  summary: 'Check sealed records for rows that were changed, removed or inserted',
  input: z.object({
    after_seal_id: z.int().nonnegative().default(0),
    limit: z.int().min(1).max(20).default(10),
  }),
  output: z.object({
    checked_seals: z.int(),
    checked_records: z.int(),
    problems: z.array(
      z.object({ seal_id: z.int(), first_id: z.int(), last_id: z.int(), problem: z.enum(sealProblems) }),
    ),
    next_after_seal_id: z.int().nullable().describe('null at the end'),
    digest: z.string().describe('of the last seal checked; the audit log holds it too'),
  }),
  errors: ['auth.forbidden'],
});

export const ListImbalances = defineQuery({
  name: 'points.list_imbalances.v1',
  summary: 'Accounts whose books do not add up; none, always',
  input: pageInputSchema,
  output: pageSchema(z.object({ user_id: userIdSchema, problem: bookProblemSchema, found_at: timeSchema })),
  errors: ['auth.forbidden'],
});

export const LedgerSealed = defineEvent({
  name: 'points.ledger_sealed.v1',
  summary: 'A range of records was sealed: whoever changes one from now on is found out',
  payload: sealSchema,
});

export const LedgerImbalanceFound = defineEvent({
  name: 'points.ledger_imbalance_found.v1',
  summary: 'The books of an account do not add up',
  payload: z.object({
    user_id: userIdSchema,
    problem: bookProblemSchema,
    expected: pointsSchema,
    found: pointsSchema,
  }),
});
