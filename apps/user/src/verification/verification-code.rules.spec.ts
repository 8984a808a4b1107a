import { describe, expect, it } from 'vitest';
import { findCodes } from './verification-code.rules.js';

const inSubject = (subject: string) => findCodes({ subject, text: '', html: null });
const inText = (text: string) => findCodes({ subject: '', text, html: null });
const inHtml = (html: string) => findCodes({ subject: '', text: null, html });

describe('findCodes in a subject', () => {
  it.each([
    '483920',
    'Code 483920',
    'Re: COSER code 483920',
    '验证码483920',
    '【COSER】验证码：483920。',
    'код: 483 920',
    '483-920',
    '48 39 20',
    '4 8 3 9 2 0',
    '４８３９２０',
    '４８３　９２０',
    '483\u00a0920',
    '483–920',
    'code 483920.',
    'code 483920 2026',
  ])('%s', (subject) => {
    expect(inSubject(subject)).toEqual(['483920']);
  });

  it.each([
    '',
    'hello',
    '48392',
    '4839201',
    'A483920',
    '483920B',
    '2026-11-20',
    '+7 912 345-67-89',
    '483920.50',
    '1.483920',
    'https://x.example/483920',
    '483920@qq.com',
    '1234 5678',
  ])('finds nothing in %j', (subject) => {
    expect(inSubject(subject)).toEqual([]);
  });
});

describe('findCodes in a body', () => {
  it('reads the plain text without quotes', () => {
    expect(inText('My code is 111 111\n\n> 222222\n')).toEqual(['111111']);
  });

  it.each([
    'On Fri, 20 Nov 2026 at 10:00, Club <verify@community.test> wrote:',
    'On Fri, 20 Nov 2026 at 10:00, The Cosplay Community\n<verify@community.test> wrote:',
    '-----Original Message-----',
    '---------- Forwarded message ---------',
    'From: Club <verify@community.test>\nSent: Friday\nTo: me',
    '________________________________',
    '发件人: Club <verify@community.test>\n发送时间: 2026年11月20日',
    '------------------ 原始邮件 ------------------',
    '在 2026年11月20日 10:00，Club <verify@community.test> 写道：',
    'пт, 20 нояб. 2026 г. в 10:00, Club <verify@community.test> пишет:',
    '20.11.2026 10:00, Club написал(а):',
    '-------- Пересылаемое сообщение --------',
    'От: Club <verify@community.test>\nДата: 20 ноября',
    '-- ',
  ])('stops at the quote header %j', (header) => {
    expect(inText(`111111\n\n${header}\n222222\n`)).toEqual(['111111']);
    expect(inText(`\n${header}\n222222\n`)).toEqual([]);
  });

  it('takes the subject first, the body next, and three at most', () => {
    expect(findCodes({ subject: 'Re: 111111', text: '222222 333333 444444', html: null })).toEqual([
      '111111',
      '222222',
      '333333',
    ]);
    expect(findCodes({ subject: '111111', text: '111 111', html: null })).toEqual(['111111']);
  });

  it('reads HTML only when there is no plain text', () => {
    expect(inHtml('<style>a{width:222222px}</style><p>code&nbsp;<b>111</b> <i>111</i></p>')).toEqual(['111111']);
    expect(
      inHtml('<div>&#49;&#x31;1111</div><blockquote><p>222222</p><blockquote>x</blockquote>333333</blockquote>'),
    ).toEqual(['111111']);
    expect(inHtml('<div>111111</div><div class="gmail_quote">222222</div>')).toEqual(['111111']);
    expect(inHtml('<!-- 222222 --><td>111111</td><td>x</td>')).toEqual(['111111']);
    expect(findCodes({ subject: '', text: 'no code', html: '<p>111111</p>' })).toEqual([]);
  });

  it('stays quick on long nonsense', () => {
    for (const piece of ['<', '1 ', '<!--', '&#', 'On wrote:', '> ', '1', '<a ', '<!-', 'http://', 'a@']) {
      expect(inHtml(piece.repeat(200_000)).length).toBeLessThanOrEqual(3);
      expect(inSubject(piece.repeat(200_000)).length).toBeLessThanOrEqual(3);
      expect(inText(piece.repeat(200_000)).length).toBeLessThanOrEqual(3);
    }
  });
});
