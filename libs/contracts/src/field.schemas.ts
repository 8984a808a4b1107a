import { z } from 'zod';

/** Schemas of fields that several contracts share. */
export const userIdSchema = z.int().positive().max(Number.MAX_SAFE_INTEGER);
/** Telegram ids have up to 52 significant bits and may be negative (chats): kept as text, as in the `users` table. */
export const telegramIdSchema = z.string().regex(/^-?[0-9]{1,20}$/);
export const firstNameSchema = z.string().min(1).max(128);
/** ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime();
/** A time that somebody wishes for: of years that every part of the platform can write down and count from. */
export const wishedTimeSchema = timeSchema.refine((time) => time >= '1900' && time < '3000');
/** Any date that a calendar has, `YYYY-MM-DD`. */
export const dateSchema = z.iso.date();
/** A community day, `YYYY-MM-DD`: of years in which the days before and after it can be counted too. */
export const daySchema = dateSchema.refine((day) => day >= '1900-01-01' && day <= '2999-12-31');
export const pointsSchema = z.int();
/** A text in each of the platform's languages. */
export function localizedTextSchema(lengthAtMost: number) {
  const text = z.string().trim().min(1).max(lengthAtMost);
  return z.object({ zh: text, en: text, ru: text });
}
/** How long the reason of a decision is; columns that keep one are as wide as the longest. */
export const reasonLength = { min: 3, max: 255 } as const;
export const reasonSchema = z.string().trim().min(reasonLength.min).max(reasonLength.max);
/** What may be remarked with a decision that needs no reason. */
export const noteSchema = z.string().trim().min(1).max(reasonLength.max);
export const emailSchema = z.string().min(3).max(128);

export const pageInputSchema = z.object({
  page: z.int().min(1).max(100_000).default(1),
  page_size: z.int().min(1).max(100).default(20),
});

/** A page of rows, with what a caller needs to ask for the next one. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), page: z.int(), page_size: z.int(), total: z.int() });
}

/** A version of the terms of use (U-15), whose text is the gateway's, per language. */
export const termsVersionSchema = z.string().min(1).max(16);
