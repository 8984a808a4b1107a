import type {
  Call,
  CommandContract,
  InputOf,
  Locale,
  OutputOf,
  PermissionName,
  Profile,
  QueryContract,
} from '#contracts';
import type { TextKey, TextParams, Texts } from '#i18n';
import type { MenuBook } from '../menu.order.js';
import type { PatientClient } from './patient.client.js';

type ParamsArgument<Key extends TextKey> = keyof TextParams[Key] extends never ? [] : [params: TextParams[Key]];

export interface VisitParts {
  readonly client: PatientClient;
  readonly texts: Texts;
  readonly menu: MenuBook;
  readonly requestId: string;
  /** The same for every delivery of the update, so that one seen twice changes nothing. */
  readonly idempotencyKey: string;
  /** The same for every press of one button of one message; for anything but a press like `idempotencyKey`. */
  readonly pressKey: string;
  /** Makes the data of a button in a group that is for one member. */
  readonly signFor: (userId: number, data: string) => string;
  /** Where the Mini App is; null where there is none. */
  readonly miniAppUrl: string | null;
  /** What the member's role allows (U-13); null while that is not to be had. */
  readonly permissions: readonly string[] | null;
}

/** One update's way through the bot: who is here, how to ask the services in their name, and how to speak to them. */
export class Visit {
  constructor(
    private readonly parts: VisitParts,
    /** Who writes. */
    private current: Profile,
    /** This was the first contact ever. */
    readonly isFirst: boolean,
  ) {}

  get member(): Profile {
    return this.current;
  }

  get locale(): Locale {
    return this.current.locale;
  }

  /** What the features offer. */
  get menu(): MenuBook {
    return this.parts.menu;
  }

  get requestId(): string {
    return this.parts.requestId;
  }

  get idempotencyKey(): string {
    return this.parts.idempotencyKey;
  }

  get miniAppUrl(): string | null {
    return this.parts.miniAppUrl;
  }

  /** Whether the member's role has a permission: what they may not do, they need not see. */
  can(permission: PermissionName): boolean {
    return this.permissions.includes(permission);
  }

  get permissions(): readonly string[] {
    return this.parts.permissions ?? [];
  }

  /** False while nobody can say what the member's role allows. */
  get knowsPermissions(): boolean {
    return this.parts.permissions !== null;
  }

  /** Goes on with a profile that has just changed. */
  continueAs(member: Profile): void {
    this.current = member;
  }

  command<Contract extends CommandContract>(contract: Contract, input: InputOf<Contract>): Promise<OutputOf<Contract>> {
    return this.parts.client.command(contract, input, this.call, this.parts.idempotencyKey);
  }

  /** For presses that must not count twice, a purchase say: the same button of the same message does it once, and answers alike. */
  commandOnce<Contract extends CommandContract>(
    contract: Contract,
    input: InputOf<Contract>,
  ): Promise<OutputOf<Contract>> {
    return this.parts.client.command(contract, input, this.call, this.parts.pressKey);
  }

  query<Contract extends QueryContract>(contract: Contract, input: InputOf<Contract>): Promise<OutputOf<Contract>> {
    return this.parts.client.query(contract, input, this.call);
  }

  /** For what an answer can do without: null when it is not to be had at once. */
  glance<Contract extends QueryContract>(
    contract: Contract,
    input: InputOf<Contract>,
  ): Promise<OutputOf<Contract> | null> {
    return this.parts.client.queryOnce(contract, input, this.call).catch(() => null);
  }

  /** For a button in a group: only this member can press it. */
  onlyForMe(data: string): string {
    return this.parts.signFor(this.member.id, data);
  }

  /** Plain text, for buttons and pop-ups. */
  text<Key extends TextKey>(key: Key, ...params: ParamsArgument<Key>): string {
    return this.parts.texts.text(this.locale, key, ...params);
  }

  /** The same in another language than the member's. */
  textIn<Key extends TextKey>(locale: Locale, key: Key, ...params: ParamsArgument<Key>): string {
    return this.parts.texts.text(locale, key, ...params);
  }

  /** Telegram HTML; what is put in is escaped. */
  html<Key extends TextKey>(key: Key, ...params: ParamsArgument<Key>): string {
    return this.parts.texts.html(this.locale, key, ...params);
  }

  /** A sentence whose key is put together at run time; undefined where there is none. */
  lookup(key: string): string | undefined {
    return this.parts.texts.lookup(this.locale, key, {});
  }

  /** In whose name things are asked; for clients that ask several services. */
  get call(): Call {
    const { permissions } = this;
    const allowed = permissions.length > 0 ? { permissions: [...permissions] } : {};
    return {
      request_id: this.requestId,
      actor: { kind: 'user', user_id: this.current.id, role: this.current.role, ...allowed },
      channel: 'bot',
      locale: this.locale,
    };
  }
}
