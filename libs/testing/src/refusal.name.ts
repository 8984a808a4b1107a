import { AppError } from '#contracts';

/** With which refusal the work ends, by its name in the catalogue; `none` when it succeeds. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof AppError ? error.errorName : String(error);
  }
}
