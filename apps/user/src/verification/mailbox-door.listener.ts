import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectLogger, InjectSettings, type Logger } from '#service';
import type { UserSettings } from '../user.env.js';
import { CommunityMailbox } from './community-mailbox.source.js';
import { startSmtpSink, type SmtpSink } from './smtp-sink.listener.js';

/** Opens the embedded mailbox to mail programs where SMTP_SINK_PORT is set. */
@Injectable()
export class MailboxDoorListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private sink: SmtpSink | null = null;

  constructor(
    private readonly mailbox: CommunityMailbox,
    @InjectSettings() private readonly settings: UserSettings,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { embedded, authservId, resolver } = this.mailbox;
    const { SMTP_SINK_PORT: port, LISTEN_HOST: host } = this.settings;
    if (!embedded || port === undefined) return;
    this.sink = await startSmtpSink({ host, port, authservId, resolver, append: (raw) => embedded.append(raw) });
    this.logger.info({ port: this.sink.port }, 'the embedded mailbox takes mail by SMTP');
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sink?.stop();
  }
}
