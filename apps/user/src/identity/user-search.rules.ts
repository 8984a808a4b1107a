/** What somebody who searches for a user has typed. */
export type UserQuery =
  | { readonly by: 'id'; readonly id: number; readonly telegramId: string | null }
  | { readonly by: 'telegram_id'; readonly telegramId: string }
  | { readonly by: 'username'; readonly username: string }
  | { readonly by: 'email'; readonly prefix: string }
  | { readonly by: 'name'; readonly prefix: string }
  | { readonly by: 'nothing' };

/** Fewer letters of an address would list strangers. */
const addressLettersAtLeast = 3;

/** Understands a query; digits may be an id or a Telegram id, so both are looked for. */
export function understandQuery(text: string): UserQuery {
  const typed = text.trim();
  const digits = /^(#?)([0-9]{1,15})$/.exec(typed);
  if (digits) {
    const [, isOurs, number = ''] = digits;
    const id = Number(number);
    return id > 0 ? { by: 'id', id, telegramId: isOurs ? null : number } : { by: 'nothing' };
  }
  if (/^-?[0-9]{1,20}$/.test(typed)) return { by: 'telegram_id', telegramId: typed };
  const username = /^@([A-Za-z0-9_]{1,64})$/.exec(typed)?.[1];
  if (username !== undefined) return { by: 'username', username };
  const at = typed.indexOf('@');
  if (at >= addressLettersAtLeast || (at > 0 && typed.length - at > addressLettersAtLeast))
    return { by: 'email', prefix: typed.toLowerCase() };
  return at === -1 && typed !== '' ? { by: 'name', prefix: typed } : { by: 'nothing' };
}

/** For `LIKE ... ESCAPE '!'`: what was typed stands for itself. */
export function likePrefix(prefix: string): string {
  return `${prefix.replaceAll(/[!%_]/g, (sign) => `!${sign}`)}%`;
}
