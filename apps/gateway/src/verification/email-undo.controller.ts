import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError, UndoEmailBinding, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { escapeHtml, Texts } from '#i18n';
import { MessageClient } from '#messaging';
import { AllowAccess } from '../rest/access.decorator.js';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { refusalSentence } from '../rest/refusal.filter.js';
import { CurrentCall } from '../rest/request.call.js';

const undoBody = strict(UndoEmailBinding.input);

/** The undo link of the reply mail. Opening it changes nothing (mail scanners open links); its button does. */
@ApiTags('verification')
@Controller('v1/email-undos')
export class EmailUndoController {
  constructor(
    private readonly messages: MessageClient,
    private readonly texts: Texts,
  ) {}

  @Post()
  @Endpoint({ contract: UndoEmailBinding, access: 'public', body: undoBody })
  undo(
    @Body(new InputPipe(undoBody)) body: HandledInputOf<typeof UndoEmailBinding>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof UndoEmailBinding>> {
    return this.messages.command(UndoEmailBinding, body, call);
  }

  @Get(':token')
  @AllowAccess('public')
  @ApiOperation({ summary: 'The page behind the undo link', operationId: 'emailUndoPage' })
  @ApiResponse({
    status: 200,
    description: 'a page with one button',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  page(@Param('token') token: string, @CurrentCall() call: Call, @Res() reply: FastifyReply): void {
    const { locale } = call;
    const title = escapeHtml(this.texts.text(locale, 'pages.undo_title'));
    const explanation = escapeHtml(this.texts.text(locale, 'pages.undo_explanation'));
    const button = escapeHtml(this.texts.text(locale, 'pages.undo_button'));
    const action = `/v1/email-undos/${encodeURIComponent(token)}`;
    const content = `<p>${explanation}</p><form method="post" action="${action}"><button>${button}</button></form>`;
    sendPage(reply, locale, title, content);
  }

  @Post(':token')
  @HttpCode(200)
  @AllowAccess('public')
  @ApiOperation({ summary: 'What the button of the undo page does', operationId: 'emailUndoByPage' })
  @ApiResponse({
    status: 200,
    description: 'a page that says the address is free again',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  @ApiResponse({
    status: 410,
    description: 'a page that says why not: the link was used, is too old, or is none',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  async undoByPage(
    @Param('token') token: string,
    @CurrentCall() call: Call,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { locale } = call;
    const title = escapeHtml(this.texts.text(locale, 'pages.undo_title'));
    try {
      const input = undoBody.safeParse({ token });
      if (!input.success) throw new AppError('verification.undo_not_possible');
      const { email } = await this.messages.command(UndoEmailBinding, input.data, call);
      sendPage(reply, locale, title, `<p>${this.texts.html(locale, 'pages.undo_done', { email })}</p>`);
    } catch (error) {
      // Who pressed the button reads a page, not an envelope; what may be gone in a moment is told like everywhere.
      if (!(error instanceof AppError) || error.errorName !== 'verification.undo_not_possible') throw error;
      void reply.status(error.status);
      sendPage(reply, locale, title, `<p>${escapeHtml(refusalSentence(this.texts, locale, error))}</p>`);
    }
  }
}

function sendPage(reply: FastifyReply, locale: string, title: string, content: string): void {
  void reply
    .header('content-type', 'text/html; charset=utf-8')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    .header('referrer-policy', 'no-referrer')
    .send(
      `<!doctype html><html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${title}</title>` +
        `<body style="font:16px system-ui;max-width:32rem;margin:3rem auto;padding:0 1rem"><h1>${title}</h1>${content}</body></html>`,
    );
}
