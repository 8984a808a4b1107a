import { join } from 'node:path';
import { openCache } from '#cache';
import type { EngineConfiguration } from '#config';
import { DropDevelopmentMail, type Call } from '#contracts';
import { MemoryBroker, MessageClient, RabbitBroker, type Broker } from '#messaging';
import { startService, systemLogger, type RunningService, type ServiceDefinition, type SharedParts } from '#service';
import { BotEmulator, type SentMail } from '#testing/bot-emulator';
import { MailForge } from '#testing/mail-forge';
import { entitlementService } from '../../entitlement/src/entitlement.module.js';
import { developmentGatewayService, gatewayService } from '../../gateway/src/gateway.module.js';
import { notificationService } from '../../notification/src/notification.module.js';
import { readMailOutbox, readSmsOutbox } from '../../notification/src/notification.module.js';
import { pointsService } from '../../points/src/points.module.js';
import { developmentUserService, userService } from '../../user/src/user.module.js';
import { embeddedSecrets } from './embedded-secrets.store.js';
import { processEnvironment, readStandaloneSettings, type StandaloneSettings } from './standalone.env.js';

export interface RunningStandalone {
  /** Where REST, Swagger, health and metrics are. */
  readonly gatewayUrl: string;
  /** The chat page; null when a real bot token was given. */
  readonly chatUrl: string | null;
  /** The emulator behind the chat page, for tests. */
  readonly emulator: BotEmulator | null;
  readonly services: readonly RunningService[];
  stop(): Promise<void>;
}

const trialInviteCode = 'COSPLAY7';

/** All five services in one process. An engine whose variable is set is used; every other one has its embedded stand-in. */
export async function startStandalone(environment: NodeJS.ProcessEnv = processEnvironment): Promise<RunningStandalone> {
  const settings = readStandaloneSettings(environment);
  const embeddedTelegram = settings.TELEGRAM_BOT_TOKEN === undefined;
  const secrets = embeddedSecrets(settings.DATA_DIR);
  const broker = await openBroker(settings);
  const messages = new MessageClient(broker);
  const emulator = embeddedTelegram ? createEmulator(settings, secrets.TELEGRAM_BOT_TOKEN, messages) : null;
  await emulator?.start();
  const parts: SharedParts = {
    broker,
    cache: await openCache({ redisUrl: settings.REDIS_URL, file: join(settings.DATA_DIR, 'cache.jsonl') }),
    listenForOperations: false,
    runtimeMetrics: false,
    environment: {
      ...secrets,
      TRIAL_INVITE_CODE: trialInviteCode,
      PUBLIC_URL: `http://127.0.0.1:${settings.PORT}`,
      ...environment,
      ...(emulator && { TELEGRAM_API_ROOT: emulator.url, DEVELOPMENT_MODE: 'true' }),
    },
  };
  const services: RunningService[] = [];
  let announceReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (announceReady = resolve));
  const start = async <Settings extends EngineConfiguration>(
    definition: ServiceDefinition<Settings>,
    extra: Partial<SharedParts> = {},
  ): Promise<RunningService> => {
    const service = await startService(definition, { ...parts, ready, ...extra });
    services.push(service);
    return service;
  };
  try {
    await start(embeddedTelegram ? developmentUserService(createForge(settings)) : userService);
    await start(entitlementService);
    await start(pointsService);
    await start(notificationService);
    const edge = embeddedTelegram ? developmentGatewayService : gatewayService;
    const gateway = await start(edge, { neighbours: [...services], runtimeMetrics: true });
    announceReady();
    const stop = (): Promise<void> => stopAll(services, emulator, broker);
    return { gatewayUrl: gateway.url ?? '', chatUrl: emulator?.url ?? null, emulator, services, stop };
  } catch (error) {
    await stopAll(services, emulator, broker);
    throw error;
  }
}

/** The edge first, so that nothing new comes in while the others finish. */
async function stopAll(
  services: readonly RunningService[],
  emulator: BotEmulator | null,
  broker: Broker,
): Promise<void> {
  for (const service of [...services].reverse()) await service.stop();
  await broker.close();
  await emulator?.stop();
}

async function openBroker(settings: StandaloneSettings): Promise<Broker> {
  const logger = systemLogger('standalone', settings.LOG_LEVEL);
  if (settings.RABBITMQ_URL) return RabbitBroker.connect({ url: settings.RABBITMQ_URL, log: logger });
  return new MemoryBroker({ deadLetterFile: join(settings.DATA_DIR, 'dead-letters.jsonl') });
}

function createEmulator(settings: StandaloneSettings, token: string, messages: MessageClient): BotEmulator {
  return new BotEmulator({
    token,
    host: settings.LISTEN_HOST,
    port: settings.CHAT_PORT,
    botUsername: 'coser_demo_bot',
    stateFile: join(settings.DATA_DIR, 'telegram.json'),
    mail: {
      mailbox: settings.VERIFY_MAILBOX,
      async send(mail) {
        await messages.command(DropDevelopmentMail, mail, mailFormCall());
      },
      outbox: () => readOutboxes(settings.DATA_DIR),
    },
  });
}

/** What the platform mailed, and the text messages beside it: the oldest first. */
async function readOutboxes(dataDirectory: string): Promise<SentMail[]> {
  const mails = await readMailOutbox(join(dataDirectory, 'mail-outbox'));
  const messages = await readSmsOutbox(join(dataDirectory, 'sms-outbox'));
  const shown = messages.map(({ to, text, at }): SentMail => ({ kind: 'sms', to, subject: '', text, at }));
  return [...mails, ...shown].sort((one, other) => one.at.localeCompare(other.at));
}

/** Signs the mail form's mails with keys of this installation, and answers for their domains instead of the DNS. */
function createForge(settings: StandaloneSettings): MailForge {
  return new MailForge({ domains: 'any', keyFile: join(settings.DATA_DIR, 'mail-keys.json') });
}

function mailFormCall(): Call {
  return {
    request_id: `mail-form-${Date.now()}`,
    actor: { kind: 'system', name: 'mail-form' },
    channel: 'system',
    locale: 'en',
  };
}
