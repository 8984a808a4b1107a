import { Injectable } from '@nestjs/common';
import { compare, hash } from 'bcrypt';
import type { Histogram } from 'prom-client';
import { AppError } from '#contracts';
import { Semaphore } from '#messaging';
import { Metrics } from '#service';

const cost = 12;
/** Half of the threads that the process has for such work: files and addresses are looked up by the others. */
const atATime = 2;
const waitingAtMost = 16;
/** For names without a password: checking against it takes as long as against any other. No password is known for it. */
const nobodysPassword = 'nobody’s password';

/** bcrypt, in other threads and few at a time, so that nobody's passwords keep the service from its other work (U-13). */
@Injectable()
export class PasswordWorker {
  private readonly places = new Semaphore(atATime, waitingAtMost);
  private readonly took: Histogram<'work'>;
  private nobodysHash: Promise<string> | null = null;

  constructor(metrics: Metrics) {
    this.took = metrics.histogram('coser_password_seconds', 'Time to hash or check a password, with waiting', ['work']);
  }

  /** @throws AppError system.unavailable when too many wait already */
  hash(password: string): Promise<string> {
    return this.inTurn('hash', () => hash(password, cost));
  }

  /** Takes as long when there is nothing to compare with; false then. @throws AppError system.unavailable */
  check(password: string, passwordHash: string | null): Promise<boolean> {
    return this.inTurn('check', async () => {
      this.nobodysHash ??= hash(nobodysPassword, cost);
      const isRight = await compare(password, passwordHash ?? (await this.nobodysHash));
      return isRight && passwordHash !== null;
    });
  }

  private async inTurn<Result>(work: 'hash' | 'check', run: () => Promise<Result>): Promise<Result> {
    const end = this.took.startTimer({ work });
    if (!(await this.places.enter())) throw new AppError('system.unavailable');
    try {
      return await run();
    } finally {
      this.places.leave();
      end();
    }
  }
}
