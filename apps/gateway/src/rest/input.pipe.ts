import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '#contracts';

/** Checks a body or a query against its schema and names every problem. An unknown field is a problem too. */
export class InputPipe<Schema extends z.ZodType> implements PipeTransform<unknown, z.output<Schema>> {
  constructor(private readonly schema: Schema) {}

  transform(value: unknown): z.output<Schema> {
    const parsed = this.schema.safeParse(value ?? {});
    if (!parsed.success) throw AppError.invalid(parsed.error.issues);
    return parsed.data;
  }
}

/** A contract's input as a body: the same fields, and no others. */
export function strict<Shape extends z.ZodRawShape>(input: z.ZodObject<Shape>): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(input.shape);
}

const wholeNumber = z
  .string()
  .regex(/^[0-9]{1,9}$/)
  .transform(Number);

/** An `:id` in a path. */
export const idParameter = wholeNumber.pipe(z.int().positive());

/** `?page&page_size` */
export const pageQuery = z.strictObject({
  page: wholeNumber.pipe(z.int().min(1).max(100_000)).default(1),
  page_size: wholeNumber.pipe(z.int().min(1).max(100)).default(20),
});

export { wholeNumber };
