/** The platform said no, in words for the person. */
export class PlatformRefusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.name = 'PlatformRefusal';
    this.status = status;
    this.code = code;
  }
}

const alreadyCheckedIn = 20401;

/**
 * The member's own view of the platform, signed in with what Telegram has signed for this page (U-14). The token stays in
 * memory. `root` is where the page was loaded from.
 */
export class Platform {
  constructor(root, initData, language) {
    this.root = root;
    this.initData = initData;
    this.language = language;
    this.token = undefined;
  }

  /** @throws PlatformRefusal */
  async signIn() {
    const { access_token: token } = await this.ask('v1/auth/telegram', { body: { init_data: this.initData } });
    this.token = token;
  }

  /** Everything the page shows. @throws PlatformRefusal */
  async look() {
    const [profile, membership, points, today] = await Promise.all([
      this.askAsMember('v1/users/me'),
      this.askAsMember('v1/users/me/membership'),
      this.askAsMember('v1/points/balance'),
      this.askAsMember('v1/check-ins/today'),
    ]);
    this.language = profile.locale;
    return { profile, membership, points, today };
  }

  /** The points it gave; null when it had been done elsewhere meanwhile. `key` makes a repeat harmless. @throws PlatformRefusal */
  async checkIn(key) {
    try {
      return (await this.askAsMember('v1/check-ins', { body: {}, key })).points;
    } catch (error) {
      if (error instanceof PlatformRefusal && error.code === alreadyCheckedIn) return null;
      throw error;
    }
  }

  /** Signs in, and once more when the token has grown too old. */
  async askAsMember(path, options) {
    if (this.token === undefined) await this.signIn();
    try {
      return await this.ask(path, options);
    } catch (error) {
      if (!(error instanceof PlatformRefusal) || error.status !== 401) throw error;
      await this.signIn();
      return this.ask(path, options);
    }
  }

  async ask(path, { body, key } = {}) {
    const response = await fetch(new URL(path, this.root), {
      method: body === undefined ? 'GET' : 'POST',
      credentials: 'omit',
      cache: 'no-store',
      headers: {
        'accept-language': this.language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (answer.code !== 0) throw new PlatformRefusal(response.status, answer.code, answer.message);
    return answer.data;
  }
}

/** What Telegram has put behind the `#` of the address. */
export function launchOf(hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const initData = parameters.get('tgWebAppData') ?? '';
  return {
    initData,
    language: jsonOf(new URLSearchParams(initData).get('user'))?.language_code ?? null,
    theme: jsonOf(parameters.get('tgWebAppThemeParams')) ?? {},
  };
}

const languages = ['zh', 'en', 'ru'];

/** The first of these wishes that we speak. */
export function spokenOf(...wishes) {
  const found = wishes.map((wish) =>
    String(wish ?? '')
      .slice(0, 2)
      .toLowerCase(),
  );
  return found.find((language) => languages.includes(language)) ?? 'en';
}

function jsonOf(text) {
  try {
    const value = JSON.parse(text ?? 'null');
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
