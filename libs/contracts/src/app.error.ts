import { errorCatalogue, isErrorName, type ErrorName, type ErrorParams } from './error.catalogue.js';

type ParamsArgument<Name extends ErrorName> =
  Record<string, never> extends ErrorParams<Name> ? [params?: ErrorParams<Name>] : [params: ErrorParams<Name>];

const problemsAtMost = 20;

/** A refusal as it travels between services and into the inbox. */
export interface ErrorWire {
  name: ErrorName;
  params: Record<string, unknown>;
}

/**
 * A refusal the caller is meant to see. The name decides code, HTTP status and sentence; the compiler checks the parameters:
 * `throw new AppError('points.insufficient_balance', { balance, required })`. Anything else that is thrown is a bug.
 */
export class AppError<Name extends ErrorName = ErrorName> extends Error {
  readonly params: ErrorParams<Name>;

  constructor(
    readonly errorName: Name,
    ...[params]: ParamsArgument<Name>
  ) {
    super(errorName);
    this.name = 'AppError';
    this.params = params ?? ({} as ErrorParams<Name>);
  }

  get code(): number {
    return errorCatalogue[this.errorName].code;
  }

  get status(): number {
    return errorCatalogue[this.errorName].status;
  }

  /** Whether a repeat of the same command may succeed, so that this refusal must not be remembered. */
  get transient(): boolean {
    return 'transient' in errorCatalogue[this.errorName];
  }

  toWire(): ErrorWire {
    return { name: this.errorName, params: this.params as Record<string, unknown> };
  }

  /** A request that does not fit its schema, with every problem named. */
  static invalid(
    issues: readonly { path: PropertyKey[]; code?: string; keys?: string[] }[],
  ): AppError<'request.invalid'> {
    const problems = issues.slice(0, problemsAtMost).map((issue) => ({
      path: [...issue.path, ...(issue.keys ?? []).slice(0, 1)].map(String).join('.'),
      problem: issue.code ?? 'invalid',
    }));
    return new AppError('request.invalid', { problems });
  }

  /** Rebuilds a refusal that came over the wire; an unknown name (a newer peer) becomes an internal error. */
  static fromWire(wire: { name: string; params?: unknown }): AppError {
    if (!isErrorName(wire.name)) return new AppError('system.internal');
    const parsed = errorCatalogue[wire.name].params.safeParse(wire.params ?? {});
    if (!parsed.success) return new AppError('system.internal');
    return new AppError(wire.name, ...([parsed.data] as unknown as ParamsArgument<ErrorName>));
  }
}
