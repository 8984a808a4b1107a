import { AbstractLogger } from 'typeorm';

/** TypeORM prints migrations that fail, past the service's log; they are thrown, too, and whoever started them tells of it. */
export class SilentLogger extends AbstractLogger {
  protected writeLog(): void {
    // Nothing is written.
  }
}
