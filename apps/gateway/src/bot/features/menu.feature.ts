import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { answersInGroups, onQuickKey, opens } from '../feature.parts.js';
import type { MenuSection } from '../menu.types.js';
import { privateChatRow, replaceAnswer, sendAnswer, sendGroupAnswer } from '../telegram/answer.sender.js';
import { helpEntry, menuCommand, menuPress, sectionPress } from './menu.keyboard.js';
import {
  helpHtml,
  lookAround,
  menuButton,
  privateHintHtml,
  menuButtons,
  menuHtml,
  sectionButtons,
  sectionHtml,
} from './menu.view.js';

/** `/menu` and `/help`: what there is to do, fitted to the member's state (B-01). */
@Injectable()
export class MenuFeature implements BotFeature {
  static readonly menu = [helpEntry];
  static readonly commands = [menuCommand];
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.command(menuCommand.name, (context) => this.showMenu(context));
    onQuickKey(this.composer, menuPress.name, (context) => this.showMenu(context));
    this.composer.use(onPress(menuPress, (context) => this.showMenu(context)));
    this.composer.use(onPress(sectionPress, (context, { section }) => this.showSection(context, section)));
    opens(this.composer, helpEntry, (context) => this.showHelp(context));
    answersInGroups(this.composer, { name: 'help' }, (context) => this.showHelpInGroup(context));
  }

  private async showMenu(context: BotContext): Promise<void> {
    const state = await lookAround(context.visit);
    await sendAnswer(context, menuHtml(context.visit, state), menuButtons(context.visit, state));
  }

  /** In place of the menu it was opened from. One that holds nothing for this member gives the menu back. */
  private async showSection(context: BotContext, section: MenuSection): Promise<void> {
    const { visit } = context;
    const state = await lookAround(visit);
    if (visit.menu.shown(section, state).length === 0)
      return replaceAnswer(context, menuHtml(visit, state), menuButtons(visit, state));
    await replaceAnswer(context, sectionHtml(visit, section), sectionButtons(visit, section, state));
  }

  private async showHelp(context: BotContext): Promise<void> {
    await sendAnswer(context, helpHtml(context.visit), [[menuButton(context.visit)]]);
  }

  private async showHelpInGroup(context: BotContext): Promise<void> {
    const { visit } = context;
    await sendGroupAnswer(context, privateHintHtml(visit), [privateChatRow(context)]);
  }
}
