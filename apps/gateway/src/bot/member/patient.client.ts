import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppError, type Call, type CommandContract, type InputOf, type OutputOf, type QueryContract } from '#contracts';
import { MessageClient } from '#messaging';

const pausesMs = [150, 300, 600, 1_200, 2_400, 2_400];
/** A person waits for the answer, and Telegram for the update's confirmation. */
const patienceMs = 12_000;

/**
 * Commands and queries that outlive the restart of a service: what was merely not there is asked again, under the same
 * idempotency key, so that the effect exists once. After about ten seconds the refusal comes through.
 */
@Injectable()
export class PatientClient {
  constructor(private readonly client: MessageClient) {}

  command<Contract extends CommandContract>(
    contract: Contract,
    input: InputOf<Contract>,
    call: Call,
    idempotencyKey: string,
  ): Promise<OutputOf<Contract>> {
    return patiently(() => this.client.command(contract, input, call, { idempotencyKey }));
  }

  query<Contract extends QueryContract>(
    contract: Contract,
    input: InputOf<Contract>,
    call: Call,
  ): Promise<OutputOf<Contract>> {
    return patiently(() => this.client.query(contract, input, call));
  }

  /** One try: for what an answer can do without. */
  queryOnce<Contract extends QueryContract>(
    contract: Contract,
    input: InputOf<Contract>,
    call: Call,
  ): Promise<OutputOf<Contract>> {
    return this.client.query(contract, input, call);
  }
}

async function patiently<Output>(attempt: () => Promise<Output>): Promise<Output> {
  const deadline = performance.now() + patienceMs;
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pauseMs = pausesMs[failures];
      if (!isPassing(error) || pauseMs === undefined || performance.now() + pauseMs > deadline) throw error;
      await pause(pauseMs);
    }
  }
}

/** `system.internal` may pass too, but it is a bug until proven otherwise: not worth hammering. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof AppError && (error.errorName === 'system.unavailable' || error.errorName === 'system.timeout')
  );
}
