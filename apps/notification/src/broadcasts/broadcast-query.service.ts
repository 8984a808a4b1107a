import { Controller } from '@nestjs/common';
import {
  BroadcastTested,
  GetBroadcast,
  ListBroadcasts,
  locales,
  PreviewBroadcast,
  TestBroadcast,
  type Broadcast,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireUser,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { escapeHtml } from '#i18n';
import { InjectSettings } from '#service';
import { expiryOf } from '../deliveries/delivery.rules.js';
import { deliveryRow } from '../deliveries/delivery.writer.js';
import type { NotificationSettings } from '../notification.env.js';
import { DeliverySender } from '../sender/delivery.sender.js';
import { measureAudience } from './audience.store.js';
import { minutesFor } from './broadcast.rules.js';
import {
  broadcastColumns,
  describeBroadcast,
  describeBroadcasts,
  digestOf,
  findBroadcast,
  textsOf,
  type BroadcastRow,
} from './broadcast.store.js';

/** What admins see of broadcasts before, while and after they are sent (B-04). */
@Controller()
export class BroadcastQueryService {
  constructor(
    private readonly sender: DeliverySender,
    @InjectSettings() private readonly settings: NotificationSettings,
  ) {}

  @HandleQuery(GetBroadcast)
  async get({ id }: HandledInputOf<typeof GetBroadcast>, { reader, call }: QueryContext): Promise<Broadcast> {
    requirePermission(call, 'broadcast.read');
    return describeBroadcast(reader, await findBroadcast(reader, id));
  }

  @HandleQuery(ListBroadcasts)
  async list(
    { page, page_size, status }: HandledInputOf<typeof ListBroadcasts>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListBroadcasts>> {
    requirePermission(call, 'broadcast.read');
    const where = status === undefined ? '' : 'WHERE status = ?';
    const values = status === undefined ? [] : [status];
    const total = await reader.count(`broadcasts ${where}`, values);
    const rows = await reader.query<BroadcastRow>(
      `SELECT ${broadcastColumns} FROM broadcasts ${where} ORDER BY id DESC LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
      values,
    );
    return { items: await describeBroadcasts(reader, rows), page, page_size, total };
  }

  @HandleQuery(PreviewBroadcast)
  async preview(
    { id }: HandledInputOf<typeof PreviewBroadcast>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof PreviewBroadcast>> {
    requirePermission(call, 'broadcast.read');
    const row = await findBroadcast(reader, id);
    const audience = await measureAudience(reader, row, now);
    const texts = textsOf(row);
    return {
      recipients: audience.recipients,
      left_out: audience.leftOut,
      unreachable: audience.unreachable,
      by_locale: audience.byLocale.map((entry) => ({ ...entry })),
      digest: digestOf(row),
      minutes: minutesFor(audience.recipients, this.settings.TELEGRAM_MESSAGES_PER_SECOND),
      messages: locales.flatMap((locale) => {
        const text = texts[locale];
        return text === undefined ? [] : [{ locale, html: escapeHtml(text) }];
      }),
    };
  }

  /** Each language is a message of its own, so that the admin sees what the members will see. */
  @HandleCommand(TestBroadcast)
  async test(
    { id }: HandledInputOf<typeof TestBroadcast>,
    context: CommandContext,
  ): Promise<OutputOf<typeof TestBroadcast>> {
    requirePermission(context.call, 'broadcast.write');
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const row = await findBroadcast(tx, id);
    const texts = textsOf(row);
    const written = locales.filter((locale) => texts[locale] !== undefined);
    for (const locale of written) {
      const delivery = deliveryRow(
        {
          userId,
          channel: 'telegram',
          lane: 'transactional',
          content: { template: 'broadcast', texts: { [locale]: texts[locale] }, fallback: locale },
          expiresAt: expiryOf('transactional', now),
        },
        { key: `broadcast-test:${id}:${call.request_id}:${locale}`.slice(0, 96), requestId: call.request_id, now },
      );
      await tx.upsert('deliveries', delivery, { conflict: ['dedupe_key'] });
    }
    context.emit(
      BroadcastTested,
      { broadcast_id: id, user_id: userId, messages: written.length },
      { user_id: userId, after: { broadcast_id: id, messages: written.length } },
    );
    this.sender.expectWork();
    return { messages: written.length };
  }
}
