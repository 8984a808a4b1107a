import { BotEmulator } from '#testing/bot-emulator';
import { telegramIdOf } from './user.seeder.js';

/** The Bot API emulator as a process: knows every seeded member, enforces Telegram's limits, keeps nothing on disk. */
const token = process.env['EMULATOR_TOKEN'] ?? '';
const emulator = new BotEmulator({ token, port: Number(process.env['EMULATOR_PORT']), enforceLimits: true });
await emulator.start();
// Nobody asked for messages yet, so pressing Start leaves no update for the bot to answer.
await fetch(`${emulator.url}/bot${token}/getUpdates?allowed_updates=${encodeURIComponent('["poll"]')}&timeout=0`);
for (let user = 1; user <= Number(process.env['EMULATOR_USERS']); user += 1) {
  await emulator.member({ id: telegramIdOf(user), first_name: `Member ${user}`, language_code: 'en' }).start();
}
process.on('SIGTERM', () => {
  void emulator.stop().then(() => process.exit(0));
});
