import type { ServiceName } from '#contracts';
import { MemoryBroker, type Reply, type RequestMessage } from '#messaging';

const patienceMs = 60_000;

/**
 * The in-process broker for suites whose subject is not how long an answer may take: a crowd of two hundred on a machine that is busy with
 * other suites may well need longer than the five seconds that a member is let wait.
 */
export class PatientBroker extends MemoryBroker {
  override request(service: ServiceName, message: RequestMessage): Promise<Reply> {
    return super.request(service, message, patienceMs);
  }
}
