import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCache, type Cache } from '#cache';
import { startService, type RunningService } from '#service';
import { eventually } from '#testing';
import { BotEmulator, type BotEmulatorOptions, type ChatMessage, type EmulatedMember } from '#testing/bot-emulator';
import { reservePort } from '#testing/reserved.ports';
import { gatewayService } from '../gateway.module.js';
import { FakePlatform } from './fake-platform.fixture.js';

export const webhookSecret = 'webhook-secret-of-the-tests';
const botId = '4242';
const token = `${botId}:emulated-bot`;

export interface BotWorldOptions {
  readonly webhook?: boolean;
  readonly emulator?: Partial<BotEmulatorOptions>;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The real gateway with its bot, the Bot API emulator before it and in-test services behind it. */
export class BotWorld {
  readonly platform = new FakePlatform();
  readonly emulator: BotEmulator;
  private readonly directory = mkdtempSync(join(tmpdir(), 'bot-world-'));
  readonly secret = randomUUID() + randomUUID();
  private readonly gateways: RunningService[] = [];
  private pressed = 0;
  /** What all replicas share. */
  cache: Cache | null = null;

  private constructor(private readonly options: BotWorldOptions) {
    // Tests are faster than people; the limits have tests of their own.
    this.emulator = new BotEmulator({ token, botUsername: 'coser_bot', enforceLimits: false, ...options.emulator });
  }

  static async start(options: BotWorldOptions = {}): Promise<BotWorld> {
    const world = new BotWorld(options);
    await world.platform.start();
    world.cache = await openCache();
    await world.emulator.start();
    await world.startGateway();
    return world;
  }

  get replicas(): readonly RunningService[] {
    return this.gateways;
  }

  get gatewayUrl(): string {
    return this.gateways.at(-1)?.url ?? '';
  }

  /** Starts a gateway, or one more; in webhook mode resolves when Telegram knows its address. */
  async startGateway(apiRoot = this.emulator.url): Promise<RunningService> {
    const port = await reservePort();
    const gateway = await startService(gatewayService, {
      broker: this.platform.broker,
      ...(this.cache && { cache: this.cache }),
      listenForOperations: false,
      runtimeMetrics: false,
      environment: {
        AUTH_SECRET: this.secret,
        DATA_DIR: this.directory,
        LOG_LEVEL: 'silent',
        PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        TELEGRAM_BOT_TOKEN: token,
        TELEGRAM_API_ROOT: apiRoot,
        CLOCK_OFFSET_FILE: this.clockFile,
        ...(this.options.webhook && { TELEGRAM_WEBHOOK_SECRET: webhookSecret }),
        ...this.options.environment,
      },
    });
    this.gateways.push(gateway);
    if (this.options.webhook)
      await eventually(() => assertEqual(this.emulator.webhookInfo().url, `${gateway.url}/telegram/webhook`));
    return gateway;
  }

  async stopGateway(gateway: RunningService): Promise<void> {
    this.gateways.splice(this.gateways.indexOf(gateway), 1);
    await gateway.stop();
  }

  /** The cache is empty and the gateway new, as after a night without both. */
  async forgetCache(): Promise<void> {
    const wasRunning = this.gateways.length > 0;
    for (const gateway of [...this.gateways]) await this.stopGateway(gateway);
    await this.cache?.close();
    this.cache = await openCache();
    if (wasRunning) await this.startGateway();
  }

  /** Moves the gateway's clock and waits until it has noticed. */
  async moveClock(offsetMs: number): Promise<void> {
    writeFileSync(this.clockFile, String(offsetMs));
    await eventually(() => {
      const aheadMs = (this.gateways.at(-1)?.runtime.clock.now().getTime() ?? 0) - Date.now();
      if (aheadMs < offsetMs - 1_000) throw new Error('the clock has not moved yet');
    });
  }

  /** What the bot has written to somebody, or into a group, oldest first. */
  answersIn(messages: readonly ChatMessage[]): string[] {
    return messages.filter(({ from }) => from?.username === 'coser_bot').map(({ text }) => text ?? '');
  }

  /** Delivers an update as Telegram would. */
  async deliver(update: unknown, secret: string | undefined = webhookSecret): Promise<Response> {
    return fetch(`${this.gatewayUrl}/telegram/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(secret && { 'x-telegram-bot-api-secret-token': secret }) },
      body: JSON.stringify(update),
    });
  }

  /** Presses a button that no message has, as a forged client can; resolves with the pop-up. Needs the webhook. */
  async press(from: EmulatedMember['user'], messageId: number, chatId: number, data: string): Promise<unknown> {
    const before = this.emulator.calls('answerCallbackQuery').length;
    const chat = chatId < 0 ? { id: chatId, type: 'supergroup', title: 'Group' } : { id: chatId, type: 'private' };
    const message = { message_id: messageId, date: 1, chat };
    const press = { id: randomUUID(), from, chat_instance: '1', message, data };
    this.pressed += 1;
    await this.deliver({ update_id: 1_800_000_000 + this.pressed, callback_query: press });
    return this.emulator.calls('answerCallbackQuery')[before]?.parameters;
  }

  async stop(): Promise<void> {
    for (const gateway of [...this.gateways]) await gateway.stop();
    await this.emulator.stop();
    await this.cache?.close();
    await this.platform.broker.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get clockFile(): string {
    return join(this.directory, 'clock');
  }
}

function assertEqual(actual: string, expected: string): void {
  if (actual !== expected) throw new Error(`${actual} is not ${expected}`);
}
