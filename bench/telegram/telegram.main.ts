import { machineFacts } from '../machine/machine.facts.js';
import { BenchPlace, type EngineAddresses } from '../platform/bench.place.js';
import { TelegramPlace } from './telegram.place.js';
import { quickTelegramPlan, standardTelegramPlan } from './telegram.plan.js';
import { keptPromises, storeTelegramResult, telegramText } from './telegram.report.js';
import { TelegramRun } from './telegram.run.js';

/** `npm run bench -- telegram`: the outbound scheduler before Telegram's limits. Returns the exit code. */
export async function benchTelegram(
  engines: EngineAddresses,
  root: string,
  isQuick: boolean,
  say: (line: string) => void,
): Promise<number> {
  const plan = isQuick ? quickTelegramPlan : standardTelegramPlan;
  const place = new BenchPlace(engines, root);
  const telegram = new TelegramPlace(place, root);
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= telegram.stop().then(() => place.remove()));
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  try {
    const machine = await machineFacts(engines);
    await place.create();
    say(`starting the notification service with ${plan.recipients + plan.others} members ...`);
    await telegram.start(plan);
    const result = await new TelegramRun(plan, telegram, say).run(machine);
    storeTelegramResult(result, root);
    say(`\n${telegramText(result)}`);
    return keptPromises(result) ? 0 : 1;
  } finally {
    await stop();
  }
}
