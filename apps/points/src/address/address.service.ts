import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  AddAddress,
  AddressBookChanged,
  AppError,
  ChangeAddress,
  ListAddresses,
  RemoveAddress,
  SetDefaultAddress,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { Metrics } from '#service';
import { addressesAtMost, normalisePhone } from './phone.inspector.js';
import { AddressStore, type AddressBook, type DeliveryAddress } from './address.store.js';

type Typed = HandledInputOf<typeof AddAddress>;
type Action = 'added' | 'changed' | 'removed' | 'made_default';

/** A member's address book (P-07). Each change locks the book first; there is one default address as long as there is any. */
@Controller()
export class AddressService {
  private readonly changes: Counter<'action'>;

  constructor(
    private readonly addresses: AddressStore,
    metrics: Metrics,
  ) {
    this.changes = metrics.counter('coser_address_changes_total', 'Changes of address books, by action', ['action']);
  }

  @HandleCommand(AddAddress)
  async add(input: Typed, context: CommandContext): Promise<OutputOf<typeof AddAddress>> {
    const { tx, now } = context;
    const userId = requireUser(context.call);
    const address = deliverable(input);
    const book = await this.addresses.lockBook(tx, userId);
    if (book.count >= addressesAtMost) throw new AppError('address.too_many', { limit: addressesAtMost });
    const id = await this.addresses.insert(tx, userId, address, input.tag, sqlTime(now));
    const isDefault = input.is_default || book.defaultId === null;
    const after = { count: book.count + 1, defaultId: isDefault ? id : book.defaultId };
    await this.write(context, userId, id, 'added', book, after);
    return { id, is_default: isDefault };
  }

  @HandleCommand(ChangeAddress)
  async change(
    input: HandledInputOf<typeof ChangeAddress>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeAddress>> {
    const address = deliverable(input);
    const { userId, book } = await this.lock(context, input.id);
    await this.addresses.update(context.tx, input.id, address, input.tag, sqlTime(context.now));
    const after = input.is_default ? { ...book, defaultId: input.id } : book;
    await this.write(context, userId, input.id, 'changed', book, after);
    return { id: input.id, is_default: after.defaultId === input.id };
  }

  @HandleCommand(SetDefaultAddress)
  async setDefault(
    { id }: HandledInputOf<typeof SetDefaultAddress>,
    context: CommandContext,
  ): Promise<OutputOf<typeof SetDefaultAddress>> {
    const { userId, book } = await this.lock(context, id);
    await this.write(context, userId, id, 'made_default', book, { ...book, defaultId: id });
    return { id, is_default: true };
  }

  /** When the default address goes, the oldest one that is left takes its place. */
  @HandleCommand(RemoveAddress)
  async remove(
    { id }: HandledInputOf<typeof RemoveAddress>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RemoveAddress>> {
    const { userId, book } = await this.lock(context, id);
    await context.tx.execute('DELETE FROM addresses WHERE id = ?', [id]);
    const next =
      book.defaultId === id
        ? await context.tx.one<{ id: number }>(
            `SELECT id FROM addresses WHERE user_id = ? ORDER BY id LIMIT 1${context.tx.lock}`,
            [userId],
          )
        : { id: book.defaultId };
    await this.write(context, userId, id, 'removed', book, { count: book.count - 1, defaultId: next?.id ?? null });
    return { id };
  }

  @HandleQuery(ListAddresses)
  async list(
    _input: HandledInputOf<typeof ListAddresses>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListAddresses>> {
    const userId = requireUser(call);
    const [rows, defaultId] = await Promise.all([
      this.addresses.findAll(reader, userId, addressesAtMost),
      this.addresses.defaultIdOf(reader, userId),
    ]);
    const items = rows.map((row) => this.addresses.viewOf(row, defaultId));
    return { items: items.sort((left, right) => Number(right.is_default) - Number(left.is_default)) };
  }

  /** @throws AppError address.unknown, also for somebody else's. */
  private async lock({ tx, call }: CommandContext, id: number): Promise<{ userId: number; book: AddressBook }> {
    const userId = requireUser(call);
    const book = await this.addresses.lockBook(tx, userId);
    if (!(await this.addresses.find(tx, userId, id))) throw new AppError('address.unknown');
    return { userId, book };
  }

  private async write(
    context: CommandContext,
    userId: number,
    id: number,
    action: Action,
    before: AddressBook,
    after: AddressBook,
  ): Promise<void> {
    await this.addresses.writeBook(context.tx, userId, after);
    context.emit(
      AddressBookChanged,
      { user_id: userId, address_id: id, action, addresses: after.count },
      {
        user_id: userId,
        before: { addresses: before.count, default_id: before.defaultId },
        after: { addresses: after.count, default_id: after.defaultId },
      },
    );
    context.tx.afterCommit(() => this.changes.labels(action).inc());
  }
}

/** @throws AppError address.country_unknown, address.phone_invalid */
function deliverable(typed: Typed): DeliveryAddress {
  const phone = normalisePhone(typed);
  if (phone instanceof AppError) throw phone;
  const { name, country, province, city, district, address, postal_code } = typed;
  return { name, phone, country, province, city, district, address, postal_code };
}
