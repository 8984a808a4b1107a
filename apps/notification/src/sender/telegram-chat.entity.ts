import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What Telegram has said about writing to a chat, so that a new process does not have to be told again. */
@Entity({ name: 'telegram_chats' })
export class TelegramChatEntity {
  @PrimaryColumn({ type: 'varchar', length: 21 })
  chat_id!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  paused_until!: string | null;

  /** The supergroup that this group has become. */
  @Column({ type: 'varchar', length: 21, nullable: true })
  moved_to!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}
