import type { EncryptedColumn } from '#encryption';

/** Every column of this service that holds encrypted fields. One that is not named here keeps its old keys for ever. */
export const encryptedColumns: readonly EncryptedColumn[] = [
  { table: 'user_phones', key: 'user_id', column: 'phone' },
  { table: 'phone_verifications', key: 'id', column: 'phone' },
  { table: 'console_accounts', key: 'user_id', column: 'totp_secret' },
];
