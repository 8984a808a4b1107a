/** The part of Telegram's wire objects that the emulator produces; names are Telegram's own. */

export interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel';

export interface Chat {
  id: number;
  type: ChatType;
  title?: string;
  username?: string;
  first_name?: string;
  last_name?: string;
  is_forum?: boolean;
}

/** Offsets and lengths are in UTF-16 code units, as in JavaScript strings. */
export interface MessageEntity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  custom_emoji_id?: string;
  user?: User;
}

export interface InlineButton {
  text: string;
  callback_data?: string;
  url?: string;
  web_app?: { url: string };
  [action: string]: unknown;
}

export interface InlineKeyboard {
  inline_keyboard: InlineButton[][];
}

export interface ReplyButton {
  text: string;
  request_contact?: boolean;
  request_location?: boolean;
  web_app?: { url: string };
}

/** A keyboard below the input field, its removal, or a forced reply; only people see these, the wire message does not carry them. */
export interface ReplyKeyboard {
  keyboard?: ReplyButton[][];
  resize_keyboard?: boolean;
  one_time_keyboard?: boolean;
  is_persistent?: boolean;
  input_field_placeholder?: string;
  remove_keyboard?: true;
  force_reply?: true;
}

export interface Contact {
  phone_number: string;
  first_name: string;
  last_name?: string;
  user_id?: number;
}

export interface Location {
  latitude: number;
  longitude: number;
  /** Radius of uncertainty in metres. */
  horizontal_accuracy?: number;
}

export interface StoredFile {
  file_id: string;
  file_unique_id: string;
  file_size?: number;
  file_name?: string;
  mime_type?: string;
}

export interface Message {
  message_id: number;
  message_thread_id?: number;
  is_topic_message?: true;
  from?: User;
  /** Of anonymous admins and channels: for whom the message stands. */
  sender_chat?: Chat;
  chat: Chat;
  /** Unix time, seconds. */
  date: number;
  edit_date?: number;
  text?: string;
  entities?: MessageEntity[];
  caption?: string;
  caption_entities?: MessageEntity[];
  reply_markup?: InlineKeyboard;
  reply_to_message?: Message;
  contact?: Contact;
  /** Whose message it was before it was forwarded. */
  forward_origin?: { type: 'user'; sender_user: User; date: number };
  location?: Location;
  /** Of a place that was picked out of a list. */
  venue?: { location: Location; title: string; address: string };
  photo?: Array<StoredFile & { width: number; height: number }>;
  document?: StoredFile;
  new_chat_members?: User[];
  left_chat_member?: User;
  migrate_to_chat_id?: number;
  migrate_from_chat_id?: number;
  forum_topic_created?: { name: string; icon_color: number };
}

/** A message as a member sees it: with the reply keyboard, and the order in which it was written or last edited. */
export interface ChatMessage extends Message {
  keyboard?: ReplyKeyboard;
  revision: number;
}

export type ParticipantStatus = 'creator' | 'administrator' | 'member' | 'restricted' | 'left' | 'kicked';

export interface ChatMember {
  user: User;
  status: ParticipantStatus;
  is_member?: boolean;
  /** Unix time, seconds; 0 = for ever. */
  until_date?: number;
  [right: string]: unknown;
}

export interface InviteLink {
  invite_link: string;
  creator: User;
  creates_join_request: boolean;
  is_primary: boolean;
  is_revoked: boolean;
  name?: string;
  expire_date?: number;
  member_limit?: number;
  pending_join_request_count?: number;
}

export interface WebhookInfo {
  url: string;
  has_custom_certificate: boolean;
  pending_update_count: number;
  max_connections?: number;
  allowed_updates?: string[];
  last_error_date?: number;
  last_error_message?: string;
}

export type Update = { update_id: number } & Record<string, unknown>;

/** The envelope of every answer of the Bot API. */
export type ApiAnswer =
  | { ok: true; result: unknown; description?: string }
  | { ok: false; error_code: number; description: string; parameters?: FailureParameters };

export interface FailureParameters {
  /** Seconds. */
  retry_after?: number;
  migrate_to_chat_id?: number;
}
