import Fastify, { type FastifyInstance } from 'fastify';
import { botApiRoutes } from './bot-api.routes.js';
import { BotApi } from './bot.api.js';
import type { RecordedCall } from './call.log.js';
import { bounds, type BotEmulatorOptions } from './emulator.options.js';
import type { InjectedFault } from './fault.injector.js';
import { createGroup, type EmulatedGroup } from './group.driver.js';
import { type InitDataOptions, signInitData } from './init-data.signer.js';
import { EmulatedMember } from './member.driver.js';
import { pageRoutes } from './page.routes.js';
import type { LimitViolation, SendingLimits } from './rate.limiter.js';
import type { WebhookInfo } from './telegram.types.js';
import { signWidgetData, type LoginWidgetData } from './widget-data.signer.js';
import type { GroupProfile, MemberProfile } from './world.store.js';

/**
 * A Telegram Bot API server for development and tests: telegraf talks to it through `telegram.apiRoot`, tests drive the user side by
 * {@link member}, people by the chat page at `/`.
 */
export class BotEmulator {
  private readonly api: BotApi;
  private server?: FastifyInstance;
  private address?: string;

  constructor(private readonly options: BotEmulatorOptions) {
    this.api = new BotApi(options);
  }

  /** Reads the state file and listens. Throws when the port is taken or the state file is damaged. */
  async start(): Promise<void> {
    const server = Fastify({
      bodyLimit: bounds.bodyBytes,
      forceCloseConnections: true,
      routerOptions: { maxParamLength: 256 },
    });
    await server.register(botApiRoutes(this.api));
    await server.register(pageRoutes(this.api.core));
    await this.api.core.restore();
    this.address = await server.listen({ host: this.options.host ?? '127.0.0.1', port: this.options.port ?? 0 });
    this.server = server;
  }

  /** Ends polls and deliveries, saves the state and closes the port. */
  async stop(): Promise<void> {
    const { core } = this.api;
    await core.flush();
    core.courier.stop();
    core.poller.end();
    await this.server?.close();
    this.server = undefined;
    await core.flush();
  }

  /** The `apiRoot` for telegraf, e.g. `http://127.0.0.1:8081`; the chat page is at its `/`. */
  get url(): string {
    if (this.address === undefined) {
      throw new Error('the emulator has not been started');
    }
    return this.address;
  }

  /** A person with this profile: the known one with this id, else a new one. */
  member(profile: MemberProfile): EmulatedMember {
    const record = this.api.core.world.putMember(profile);
    this.api.core.saveSoon();
    return new EmulatedMember(this.api.core, record.user.id);
  }

  group(profile: GroupProfile): EmulatedGroup {
    return createGroup(this.api.core, profile);
  }

  /** Other sending limits from now on; those that are not named stay. */
  changeLimits(limits: Partial<SendingLimits>): void {
    this.api.core.limiter.change(limits);
  }

  /** Calls which broke a sending limit, whether or not the limits are enforced. */
  violations(): LimitViolation[] {
    return [...this.api.core.limiter.violations];
  }

  /** Lets the next matching calls fail. */
  injectFault(fault: InjectedFault): void {
    this.api.core.faults.inject(fault);
  }

  /** Calls of the bot, oldest first (successful getUpdates are left out). */
  calls(method?: string): RecordedCall[] {
    return this.api.core.calls.list(method);
  }

  clearCalls(): void {
    this.api.core.calls.clear();
  }

  webhookInfo(): WebhookInfo {
    return this.api.core.courier.info();
  }

  /** Signed Mini App data of a member, valid for this bot's token. */
  initData(memberId: number, { authDate, startParam }: InitDataOptions = {}): string {
    const { core } = this.api;
    return signInitData(
      core.options.token,
      core.world.requireMember(memberId).user,
      authDate ?? core.seconds(),
      startParam,
    );
  }

  /** What the Login Widget hands over for a member, signed for this bot's token. */
  widgetData(memberId: number, { authDate }: Pick<InitDataOptions, 'authDate'> = {}): LoginWidgetData {
    const { core } = this.api;
    return signWidgetData(core.options.token, core.world.requireMember(memberId).user, authDate ?? core.seconds());
  }
}
