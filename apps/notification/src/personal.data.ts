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
    table: 'broadcasts',
    member: 'created_by',
    key: 'id',
    onErasure: 'keep',
    archive: 'nothing',
    why: 'says which admin sent what to many; the texts are the community’s, not the admin’s own',
  },
  {
    table: 'contact_groups',
    member: { column: 'telegram_id', table: 'contacts', key: 'telegram_id', member: 'user_id' },
    key: 'group_id, telegram_id',
    onErasure: 'erase',
    archive: ['group_id', 'standing', 'changed_at'],
  },
  {
    table: 'telegram_chats',
    member: { column: 'chat_id', table: 'contacts', key: 'telegram_id', member: 'user_id' },
    key: 'chat_id',
    onErasure: 'erase',
    archive: 'nothing',
    why: 'how long Telegram wants silence in the chat, whose number the contact says already',
  },
  {
    table: 'contacts',
    member: 'user_id',
    key: 'user_id',
    onErasure: 'erase',
    archive: [
      'telegram_id',
      'first_name',
      'locale',
      'email',
      'telegram_blocked_at',
      'active_at',
      'remind_check_in',
      'remind_membership',
      'membership_kind',
      'membership_expires_at',
    ],
  },
];
