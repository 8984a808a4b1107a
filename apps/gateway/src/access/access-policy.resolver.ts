import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError, GetAccessPolicy, type OutputOf, type Role } from '#contracts';
import { MessageClient } from '#messaging';
import { InjectLogger, Metrics, type Logger } from '#service';

/** How old the policy may be while its owner answers: so late it is seen that something was taken. */
const policyFreshMs = 5_000;
/** How old while its owner does not answer; after that nobody has a permission. */
const policyUsableMs = 60_000;

type Policy = OutputOf<typeof GetAccessPolicy>;

export interface KeptPolicy {
  readonly askedAtMs: number;
  readonly permissions: Policy['permissions'];
  readonly roles: ReadonlyMap<number, { readonly role: Role; readonly changedAtMs: number }>;
  readonly endedSessions: ReadonlySet<string>;
}

/**
 * What roles may do (U-13), kept in memory and asked for anew when somebody with a permission comes and it is older than five
 * seconds: one query for all requests of that time, and none for ordinary members.
 */
@Injectable()
export class AccessPolicyResolver {
  private kept: KeptPolicy | null = null;
  private asking: Promise<KeptPolicy> | null = null;
  private readonly asked: Counter<'outcome'>;

  constructor(
    private readonly client: MessageClient,
    @InjectLogger() private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.asked = metrics.counter('coser_access_policy_queries_total', 'Queries for the access policy, by outcome', [
      'outcome',
    ]);
  }

  /** @throws AppError system.unavailable when the policy cannot be had and the kept one is too old. */
  async current(): Promise<KeptPolicy> {
    if (this.kept && ageMsOf(this.kept) < policyFreshMs) return this.kept;
    return this.askOrKeep();
  }

  /**
   * As it is after this was called, for whoever would be refused by what is kept. Who is refused again and again meets the limit
   * of requests. @throws AppError as `current`.
   */
  async newest(): Promise<KeptPolicy> {
    // What is being asked already may have been read a moment too early.
    await this.asking?.catch(() => null);
    return this.askOrKeep();
  }

  private async askOrKeep(): Promise<KeptPolicy> {
    try {
      this.asking ??= this.ask().finally(() => {
        this.asking = null;
      });
      return await this.asking;
    } catch (error) {
      if (this.kept && ageMsOf(this.kept) < policyUsableMs) return this.kept;
      this.logger.warn({ error }, 'the access policy is not to be had');
      throw new AppError('system.unavailable');
    }
  }

  private async ask(): Promise<KeptPolicy> {
    const askedAtMs = performance.now();
    try {
      const policy = await this.client.query(
        GetAccessPolicy,
        {},
        {
          request_id: randomUUID(),
          actor: { kind: 'system', name: 'gateway' },
          channel: 'system',
          locale: 'en',
        },
      );
      this.asked.inc({ outcome: 'answered' });
      this.kept = keptPolicyOf(policy, askedAtMs);
      return this.kept;
    } catch (error) {
      this.asked.inc({ outcome: 'failed' });
      throw error;
    }
  }
}

function ageMsOf({ askedAtMs }: KeptPolicy): number {
  return performance.now() - askedAtMs;
}

function keptPolicyOf({ permissions, changed_roles, ended_sessions }: Policy, askedAtMs: number): KeptPolicy {
  return {
    askedAtMs,
    permissions,
    roles: new Map(
      changed_roles.map(({ user_id, role, changed_at }) => [user_id, { role, changedAtMs: Date.parse(changed_at) }]),
    ),
    endedSessions: new Set(ended_sessions),
  };
}
