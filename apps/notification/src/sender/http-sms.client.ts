import type { NotificationSettings } from '../notification.env.js';
import { escapingOf, fillTemplate } from './sms-call.rules.js';
import type { OutgoingSms, SmsFailure, SmsTransport } from './sms-transport.types.js';

const answerBytesAtMost = 65_536;

export type HttpSmsSettings = Pick<
  NotificationSettings,
  'SMS_HTTP_METHOD' | 'SMS_HTTP_HEADERS' | 'SMS_HTTP_BODY' | 'SMS_HTTP_SUCCESS' | 'SMS_HTTP_TIMEOUT_MS'
>;

/** Hands messages to an SMS provider by one HTTP call, described by the settings. */
export class HttpSmsClient implements SmsTransport {
  private readonly contentType: string | undefined;

  constructor(
    private readonly url: string,
    private readonly settings: HttpSmsSettings,
  ) {
    const [, value] =
      Object.entries(settings.SMS_HTTP_HEADERS).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
    this.contentType = value;
  }

  async send(sms: OutgoingSms): Promise<SmsFailure | null> {
    const { SMS_HTTP_METHOD: method, SMS_HTTP_HEADERS: headers, SMS_HTTP_TIMEOUT_MS: timeoutMs } = this.settings;
    const body = fillTemplate(this.settings.SMS_HTTP_BODY, sms, escapingOf(this.contentType));
    try {
      const answer = await fetch(fillTemplate(this.url, sms, 'form'), {
        method,
        headers,
        ...(method !== 'GET' && { body }),
        // Somebody else's address would get the number and the provider's key.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await beginningOf(answer);
      const wanted = this.settings.SMS_HTTP_SUCCESS;
      if (answer.ok && (wanted === undefined || text.includes(wanted))) return null;
      const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
      return {
        // An answer that tells a failure with 2xx says nothing about whose fault it is.
        status: answer.ok ? null : answer.status,
        retryAfterSeconds: Number.isFinite(retryAfter) ? Math.max(0, retryAfter) : null,
        message: answer.ok ? 'the answer is not what SMS_HTTP_SUCCESS asks for' : 'refused by the provider',
      };
    } catch (error) {
      const isLate = (error as { name?: string }).name === 'TimeoutError';
      return { status: null, retryAfterSeconds: null, message: isLate ? 'no answer in time' : 'not reached' };
    }
  }
}

/** The answer's first bytes; the rest is of no interest, however long it goes on. */
async function beginningOf(answer: Response): Promise<string> {
  if (!answer.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= answerBytesAtMost) break;
  }
  return Buffer.concat(chunks).subarray(0, answerBytesAtMost).toString('utf8');
}
