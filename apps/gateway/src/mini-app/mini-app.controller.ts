import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { localeSchema, type Locale } from '#contracts';
import { Texts, type TextKey } from '#i18n';
import { sendPageFile } from '../pages/page.parts.js';
import { readPage } from '../pages/page.source.js';
import { AllowAccess } from '../rest/access.decorator.js';
import { InputPipe } from '../rest/input.pipe.js';

/** Telegram's web client shows the page in a frame. */
const frame = 'https://web.telegram.org';

/** What the page says, by the names it uses. */
const sentences = [
  'title',
  'greeting',
  'check_in',
  'streak',
  'check_in_now',
  'checked_in',
  'not_checked_in',
  'done',
  'done_elsewhere',
  'points',
  'frozen',
  'membership',
  'membership_none',
  'membership_trial',
  'membership_formal',
  'membership_permanent',
  'membership_expired',
  'until',
  'ended',
  'how_to_join',
  'again',
  'outside',
  'no_connection',
] as const;

/** Gaps that the page fills keep their names. */
const gaps = { name: '{name}', points: '{points}', time: '{time}' };

/** The platform's page in Telegram (B-02): membership, points and today's check-in. It asks the REST face like everybody else. */
@ApiExcludeController()
@AllowAccess('public')
@Controller('app')
export class MiniAppController {
  private readonly page = readPage('mini-app');

  constructor(private readonly texts: Texts) {}

  @Get()
  open(@Res() reply: FastifyReply): void {
    sendPageFile(reply, this.page.get('index.html'), frame);
  }

  /** The sentences with their gaps (`{name}`), for the page to fill. */
  @Get('texts/:language')
  speak(@Param('language', new InputPipe(localeSchema)) language: Locale): Record<string, string> {
    return Object.fromEntries(
      sentences.map((name) => {
        const key: TextKey = `mini_app.${name}`;
        return [name, this.texts.lookup(language, key, gaps) ?? ''];
      }),
    );
  }

  @Get(':file')
  file(@Param('file') name: string, @Res() reply: FastifyReply): void {
    sendPageFile(reply, this.page.get(name), frame);
  }
}
