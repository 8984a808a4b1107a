/**
 * A console account on its way from the one-time code to a password and a second factor (U-13). `platform` is how the REST face is
 * asked; it throws what the platform refuses. Password and tokens stay in memory, and the sign-in ends with the page's work.
 */
export class ConsoleAccount {
  constructor(platform) {
    this.platform = platform;
    this.login = undefined;
    this.tokens = undefined;
  }

  /** Sets the password with the one-time code, which is used up by that. Resolves with the account's name. */
  async setPassword(token, password) {
    const { username } = await this.ask('passwords', { token, password });
    this.login = { username, password };
    return username;
  }

  /** What an authenticator app has to know; signs in with the new password first, and confirms with it. */
  async startSecondFactor() {
    this.tokens ??= await this.ask('login', this.login);
    this.platform.token = this.tokens.access_token;
    const body = { password: this.login.password };
    const { access_token: confirmed } = await this.platform.ask('v1/auth/step-ups', { body });
    this.platform.token = confirmed;
    return this.ask('second-factor', {});
  }

  /** Resolves with the recovery codes: they are shown once. */
  async confirmSecondFactor(code) {
    const { recovery_codes: codes } = await this.ask('second-factor/confirmations', { code });
    return codes;
  }

  /** Ends the sign-in. */
  async leave() {
    const token = this.tokens?.refresh_token;
    this.login = undefined;
    this.tokens = undefined;
    this.platform.token = undefined;
    if (token !== undefined) await this.platform.ask('v1/auth/logout', { body: { refresh_token: token } });
  }

  ask(path, body) {
    return this.platform.ask(`v1/auth/console/${path}`, { body });
  }
}
