import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { DecideStepUp, GetPendingStepUp } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';
import { confirmCommand, stepUpPress } from './people.keyboard.js';

/** `/confirm`: whether it is the member who is about to do something dangerous elsewhere, by one tap (U-13). */
@Injectable()
export class StepUpFeature implements BotFeature {
  static readonly commands = [confirmCommand];
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.command(confirmCommand.name, async (context, next) => {
      if (context.chat.type === 'private') await this.ask(context);
      else await next();
    });
    this.composer.use(onPress(stepUpPress, (context, { id, yes }) => this.decide(context, id, yes === '1')));
  }

  private async ask(context: BotContext): Promise<void> {
    const { visit } = context;
    const { pending } = await visit.query(GetPendingStepUp, {});
    if (pending === null) return sendAnswer(context, visit.html('people.step_up.nothing'), [[menuButton(visit)]]);
    const device = pending.device ?? visit.text('people.sessions.unknown_device');
    const ip = pending.ip ?? visit.text('people.sessions.unknown_place');
    await sendAnswer(context, visit.html('people.step_up.ask', { device, ip }), [
      [button(visit.text('people.buttons.it_is_me'), stepUpPress.pack({ id: pending.id, yes: '1' }))],
      [button(visit.text('people.buttons.not_me'), stepUpPress.pack({ id: pending.id, yes: '0' }))],
    ]);
  }

  private async decide(context: BotContext, id: string, confirm: boolean): Promise<void> {
    const { visit } = context;
    await visit.commandOnce(DecideStepUp, { id, confirm });
    const html = confirm ? visit.html('people.step_up.confirmed') : visit.html('people.step_up.refused');
    await replaceAnswer(context, html, [[menuButton(visit)]]);
  }
}
