import type { PersonalData } from '#service';

/** What this service keeps about members (U-15). */
export const notificationPersonalData: PersonalData = [
  {
    table: 'deliveries',
    member: 'user_id',
    key: 'id',
    onErasure: 'erase',
    archive: ['id', 'channel', 'template', 'recipient', 'status', 'attempts', 'created_at', 'sent_at'],
  },
  {
    table: 'contacts',
    member: 'user_id',
    key: 'user_id',
    onErasure: 'erase',
    archive: ['telegram_id', 'first_name', 'locale', 'email', 'telegram_blocked_at'],
  },
];
