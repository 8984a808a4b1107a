import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  BeginConsoleLogin,
  ChangeConsolePassword,
  CheckConsolePassword,
  CloseConsoleAccount,
  ConfirmSecondFactor,
  CreateConsoleAccount,
  HashConsolePassword,
  ListConsoleAccounts,
  RefreshSession,
  RemoveSecondFactor,
  RenewConsolePassword,
  SetConsolePassword,
  SignInToConsole,
  StartSecondFactor,
  StartStepUp,
  type Call,
  type OutputOf,
} from '#contracts';
import { onEachDatabase } from '#testing/engines';
import { refusalOf } from '#testing/refusal.name';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { personOf, startUserHost, visitor } from '../user-host.fixture.js';

const good = ['a long', 'password', 'of tests'].join(' ');
const better = ['another', good].join(' ');

onEachDatabase('the admin console’s door', (engine) => {
  let host: ServiceHost;
  let owner: Call;
  beforeAll(async () => {
    host = await startUserHost(engine, {
      TELEGRAM_ADMIN_ID: '900',
    });
    owner = memberCall(await personOf(host, '900'), 'super_admin', { stepped_up: true });
  });
  afterAll(() => host.stop());

  const hashOf = async (password: string) =>
    (await host.client.query(HashConsolePassword, { password }, visitor)).password_hash;
  const proofFor = async (username: string, password: string) => {
    await host.client.command(BeginConsoleLogin, { username }, visitor);
    return (await host.client.query(CheckConsolePassword, { username, password }, visitor)).proof;
  };
  const signIn = async (username: string, password: string, code?: string) =>
    host.client.command(SignInToConsole, { proof: await proofFor(username, password), code }, visitor);
  const set = async (token: string, password: string) =>
    host.client.command(SetConsolePassword, { token, password_hash: await hashOf(password) }, visitor);

  /** Somebody with a console account and a password. */
  async function accountOf(telegramId: string, username: string, password = good): Promise<number> {
    const userId = await personOf(host, telegramId);
    const created = await host.client.command(CreateConsoleAccount, { user_id: userId, username }, owner);
    await set(created.set_password_token, password);
    return userId;
  }
  const callIn = (tokens: OutputOf<typeof SignInToConsole>, change: { stepped_up?: boolean } = {}): Call => {
    const claims = Buffer.from(tokens.access_token.split('.')[1] ?? '', 'base64url').toString();
    const { sid } = JSON.parse(claims) as { sid: string };
    return callOf({ kind: 'user', user_id: tokens.user.id, role: tokens.user.role, session_id: sid, ...change });
  };
  const codeAt = (secret: string, timestamp = Date.now()): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });

  it('U-13: makes an account whose password is set once with a token, and signs in with it', async () => {
    const userId = await personOf(host, '1');
    const wish = { user_id: userId, username: 'Sakura' };
    expect(await refusalOf(host.client.command(CreateConsoleAccount, wish, memberCall(userId, 'admin')))).toBe(
      'auth.forbidden',
    );
    const unsure = memberCall(1, 'super_admin');
    expect(await refusalOf(host.client.command(CreateConsoleAccount, wish, unsure))).toBe('auth.step_up_required');
    const { set_password_token: token } = await host.client.command(CreateConsoleAccount, wish, owner);
    expect(await refusalOf(host.client.command(CreateConsoleAccount, wish, owner))).toBe('console.account_exists');
    const rival = { user_id: await personOf(host, '2'), username: 'sakura' };
    expect(await refusalOf(host.client.command(CreateConsoleAccount, rival, owner))).toBe('console.username_taken');
    expect(await refusalOf(signIn('sakura', good))).toBe('auth.console_login_failed');
    expect(await refusalOf(hashOf('short'))).toBe('auth.password_unsuitable');
    expect(await refusalOf(hashOf('长'.repeat(25)))).toBe('auth.password_unsuitable');
    const uses = await Promise.all(Array.from({ length: 5 }, () => refusalOf(set(token, good))));
    expect(uses.filter((outcome) => outcome === 'none')).toHaveLength(1);
    const tokens = await signIn('SAKURA', good);
    expect(tokens.user.id).toBe(userId);
    const { items } = await host.client.query(ListConsoleAccounts, {}, owner);
    expect(items).toContainEqual(
      expect.objectContaining({ user_id: userId, username: 'sakura', has_password: true, has_second_factor: false }),
    );
    const rows = await host.database.reader.query('SELECT * FROM console_accounts');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('U-13: hands the code for an account to nobody who does not stand above its owner, but for their own', async () => {
    const [keeperId, headId, peerId] = [
      await personOf(host, '5', 'admin'),
      await personOf(host, '900'),
      await personOf(host, '6', 'admin'),
    ];
    const below = await personOf(host, '7', 'operator');
    const permissions = ['console_account.manage'];
    const keeper = callOf({ kind: 'user', user_id: keeperId, role: 'admin', permissions, stepped_up: true });
    const create = (user_id: number, by = keeper) =>
      host.client.command(CreateConsoleAccount, { user_id, username: `rank.${user_id}` }, by);
    for (const userId of [headId, peerId]) {
      expect(await refusalOf(create(userId))).toBe('role.above_own');
      await create(userId, owner);
      expect(await refusalOf(host.client.command(RenewConsolePassword, { user_id: userId }, keeper))).toBe(
        'role.above_own',
      );
      expect(await refusalOf(host.client.command(CloseConsoleAccount, { user_id: userId }, keeper))).toBe(
        'role.above_own',
      );
    }
    for (const userId of [below, keeperId]) {
      expect(await refusalOf(create(userId))).toBe('none');
      expect(await refusalOf(host.client.command(RenewConsolePassword, { user_id: userId }, keeper))).toBe('none');
      expect(await refusalOf(host.client.command(CloseConsoleAccount, { user_id: userId }, keeper))).toBe('none');
    }
  });

  it('U-13: looks at five passwords in a quarter of an hour, however many come at once and whether the name exists', async () => {
    await accountOf('11', 'locked');
    for (const username of ['locked', 'nobody.here']) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => refusalOf(signIn(username, 'a wrong password'))),
      );
      expect(outcomes.filter((outcome) => outcome === 'auth.console_login_failed')).toHaveLength(5);
      expect(outcomes.filter((outcome) => outcome === 'auth.locked_out')).toHaveLength(15);
    }
    expect(await refusalOf(signIn('locked', good))).toBe('auth.locked_out');
    await host.moveClock(16 * 60_000);
    expect(await refusalOf(signIn('locked', good))).toBe('none');
    await host.moveClock(0);
  });

  it('U-13: a second factor is asked for, each code taken once, recovery codes too', async () => {
    await accountOf('21', 'careful');
    const tokens = await signIn('careful', good);
    const [call, sure] = [callIn(tokens), callIn(tokens, { stepped_up: true })];
    // Else whoever has caught a token could confirm anything with an authenticator of their own.
    expect(await refusalOf(host.client.command(StartSecondFactor, {}, call))).toBe('auth.step_up_required');
    const { secret, otpauth_uri } = await host.client.command(StartSecondFactor, {}, sure);
    expect(otpauth_uri).toMatch(/^otpauth:\/\/totp\/Coser:careful\?/);
    const confirm = (code: string) => host.client.command(ConfirmSecondFactor, { code }, call);
    const code = codeAt(secret);
    expect(await refusalOf(confirm(code === '000000' ? '000001' : '000000'))).toBe('auth.code_invalid');
    const { recovery_codes } = await confirm(code);
    expect(new Set(recovery_codes).size).toBe(10);
    expect(await refusalOf(signIn('careful', good))).toBe('auth.code_required');
    expect(await refusalOf(signIn('careful', good, code))).toBe('auth.code_invalid');
    await host.moveClock(60_000);
    const next = codeAt(secret, Date.now() + 60_000);
    const uses = await Promise.all([
      refusalOf(signIn('careful', good, next)),
      refusalOf(signIn('careful', good, next)),
    ]);
    expect(uses.sort()).toEqual(['auth.code_invalid', 'none']);
    const [recovery = ''] = recovery_codes;
    expect(await refusalOf(signIn('careful', good, recovery.toLowerCase()))).toBe('none');
    expect(await refusalOf(signIn('careful', good, recovery))).toBe('auth.code_invalid');
    const rows = await host.database.reader.query<{ totp_secret: string }>(
      `SELECT totp_secret FROM console_accounts WHERE username = 'careful'`,
    );
    expect(rows[0]?.totp_secret).toMatch(/^v1:/);
    expect(await refusalOf(host.client.command(RemoveSecondFactor, {}, call))).toBe('auth.step_up_required');
    await host.moveClock(0);
  });

  it('U-13: confirms freshly by password, or by the second factor where it is on', async () => {
    await accountOf('31', 'stepper');
    const tokens = await signIn('stepper', good);
    const call = callIn(tokens);
    const byPassword = async (password: string) =>
      host.client.command(StartStepUp, { password_proof: await proofFor('stepper', password) }, call);
    expect(await refusalOf(byPassword('a wrong password'))).toBe('auth.console_login_failed');
    expect(await byPassword(good)).toMatchObject({ status: 'confirmed', access_token: expect.stringMatching(/^ey/) });
    const { secret } = await host.client.command(StartSecondFactor, {}, callIn(tokens, { stepped_up: true }));
    await host.client.command(ConfirmSecondFactor, { code: codeAt(secret) }, call);
    expect(await refusalOf(byPassword(good))).toBe('auth.code_required');
    const byCode = (code: string) => host.client.command(StartStepUp, { code }, call);
    await host.moveClock(60_000);
    const next = codeAt(secret, Date.now() + 60_000);
    expect(await byCode(next)).toMatchObject({ status: 'confirmed' });
    expect(await refusalOf(byCode(next))).toBe('auth.code_invalid');
    await host.moveClock(0);
  });

  it('U-13: a new password ends the other sessions; renewing and closing end them all', async () => {
    const userId = await accountOf('41', 'changer');
    const [mine, other] = [await signIn('changer', good), await signIn('changer', good)];
    const change = async (current: string) =>
      host.client.command(
        ChangeConsolePassword,
        { proof: await proofFor('changer', current), password_hash: await hashOf(better) },
        callIn(mine),
      );
    expect(await refusalOf(change('a wrong password'))).toBe('auth.console_login_failed');
    expect(await change(good)).toEqual({ changed: true });
    const refresh = ({ refresh_token }: { refresh_token: string }) =>
      refusalOf(host.client.command(RefreshSession, { refresh_token }, visitor));
    expect(await refresh(other)).toBe('auth.refresh_token_invalid');
    expect(await refusalOf(signIn('changer', good))).toBe('auth.console_login_failed');
    const renewed = await host.client.command(RenewConsolePassword, { user_id: userId }, owner);
    expect(await refresh(mine)).toBe('auth.refresh_token_invalid');
    expect(await refusalOf(signIn('changer', better))).toBe('auth.console_login_failed');
    await host.moveClock(25 * 3_600_000);
    expect(await refusalOf(set(renewed.set_password_token, good))).toBe('console.token_invalid');
    await host.moveClock(0);
    expect(await host.client.command(CloseConsoleAccount, { user_id: userId }, owner)).toEqual({ closed: true });
    expect(await refusalOf(host.client.command(CloseConsoleAccount, { user_id: userId }, owner))).toBe(
      'console.account_unknown',
    );
  });
});
