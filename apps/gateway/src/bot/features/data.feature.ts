import { Injectable } from '@nestjs/common';
import { Composer, Input } from 'telegraf';
import { DataArchiveClient } from '../../privacy/data-archive.client.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { opens } from '../feature.parts.js';
import { dataEntry } from './privacy.keyboard.js';

/** `/mydata`: everything the platform keeps about the member, as a document (U-15). */
@Injectable()
export class DataFeature implements BotFeature {
  static readonly menu = [dataEntry];
  readonly composer = new Composer<BotContext>();

  constructor(private readonly archives: DataArchiveClient) {
    opens(this.composer, dataEntry, (context) => this.send(context));
  }

  async send(context: BotContext): Promise<void> {
    const { visit } = context;
    await context.sendChatAction('upload_document').catch(() => undefined);
    const { content, fileName } = await this.archives.make(visit.call, visit.idempotencyKey);
    await context.replyWithDocument(Input.fromBuffer(content, fileName), {
      caption: visit.text('account.mydata.caption'),
    });
  }
}
