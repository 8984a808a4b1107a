/** Bot API emulator for development and tests: `new BotEmulator({ token }).start()`, then point telegraf's `apiRoot` at `url`. */
export { BotEmulator } from './bot-emulator/bot.emulator.js';
export { EmulatedGroup } from './bot-emulator/group.driver.js';
export type { BotEmulatorOptions, EmulatedMail, MailBridge, SentMail } from './bot-emulator/emulator.options.js';
export type { EmulatedMember, CallbackAnswer, ButtonWanted, WhereOptions } from './bot-emulator/member.driver.js';
export type { InjectedFault } from './bot-emulator/fault.injector.js';
export type { RecordedCall } from './bot-emulator/call.log.js';
export { RateLimiter, type LimitViolation, type SendingLimits } from './bot-emulator/rate.limiter.js';
export type { GroupProfile, MemberProfile } from './bot-emulator/world.store.js';
export type * from './bot-emulator/telegram.types.js';
