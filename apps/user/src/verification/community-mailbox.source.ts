import { join } from 'node:path';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';
import type { DevelopmentForge } from './development-mail.sender.js';
import { cachingResolver, systemResolver, type DnsResolver } from './dns-records.resolver.js';
import { EmbeddedMailbox } from './embedded-mailbox.source.js';
import { ImapMailboxSource } from './imap-mailbox.source.js';
import { parseImapUrl } from './imap-url.rules.js';
import type { MailSource } from './mail-source.types.js';

/** Signs the mails of the embedded mode and answers for their domains; given by the embedded mode alone. */
export const developmentForge = Symbol('development forge');

const embeddedAuthservId = 'mx.coser.local';
const nameAtMost = 128;

/** The mailbox that members mail their code to: IMAP where IMAP_URL is set, else a directory (architecture, section 4). */
@Injectable()
export class CommunityMailbox {
  /** Under which its cursors are kept. Holds no password. */
  readonly name: string;
  readonly source: MailSource;
  /** Null where a real server takes the mail. */
  readonly embedded: EmbeddedMailbox | null;
  /** Whose Authentication-Results are believed; '' believes none. */
  readonly authservId: string;
  readonly resolver: DnsResolver;

  constructor(
    @InjectSettings() settings: UserSettings,
    @Optional() @Inject(developmentForge) readonly forge: DevelopmentForge | null = null,
  ) {
    this.resolver = forge ? forge.resolver : cachingResolver(systemResolver(undefined, settings.MAIL_DNS_SERVERS));
    if (settings.IMAP_URL) {
      const { user, host } = parseImapUrl(settings.IMAP_URL);
      this.name = `${user}@${host}`.slice(0, nameAtMost);
      this.embedded = null;
      this.source = new ImapMailboxSource({ url: settings.IMAP_URL });
      this.authservId = settings.MAIL_AUTHSERV_ID ?? '';
    } else {
      this.name = 'embedded';
      this.embedded = new EmbeddedMailbox({ directory: join(settings.DATA_DIR, 'mailbox') });
      this.source = this.embedded;
      this.authservId = settings.MAIL_AUTHSERV_ID ?? embeddedAuthservId;
    }
  }
}
