const telegramHost = 'api.telegram.org';
const localHosts = ['localhost', '127.0.0.1'];

/**
 * Where the Mini App is; null where Telegram would not open it: it demands https. The emulated Telegram of this machine takes this
 * machine's pages as they are.
 */
export function miniAppUrl(publicUrl: string, apiRoot: string): string | null {
  const url = `${publicUrl.replace(/\/+$/, '')}/app`;
  const isLocal = localHosts.includes(new URL(url).hostname) && new URL(apiRoot).hostname !== telegramHost;
  return url.startsWith('https:') || isLocal ? url : null;
}
