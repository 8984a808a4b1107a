import type { GatewaySettings } from '../../gateway.env.js';

type Settings = Pick<GatewaySettings, 'PUBLIC_URL'>;

/** Where the API is described and can be tried out: for what is not made in the chat. */
export function docsUrl(settings: Settings): string {
  return `${publicUrl(settings)}/docs`;
}

/** Where the password of a console account is set with a one-time code. */
export function passwordPageUrl(settings: Settings): string {
  return `${publicUrl(settings)}/set-password`;
}

function publicUrl({ PUBLIC_URL }: Settings): string {
  return PUBLIC_URL.replace(/\/+$/, '');
}
