import { describe, expect, it } from 'vitest';
import { receiverVerdict } from './authentication-results.rules.js';
import { parseResultsHeader } from './results-header.rules.js';

const server = 'mx.google.com';
const results = (value: string) => ({ name: 'Authentication-Results', value });
const received = (value: string) => ({ name: 'Received', value });
const pass =
  `${server}; dkim=pass header.i=@example.com header.s=s1 header.b=AbCd/+12; spf=pass (google.com: domain of a@example.com ` +
  'designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com';

describe('parseResultsHeader', () => {
  it('reads methods, results, properties, comments and quotes', () => {
    const parsed = parseResultsHeader(
      '(c (nested \\) ) ) MX.example (x) 1 ; dkim / 1 = Pass (good) reason = "a; b=c \\"d\\"" header . d = example.com; spf=none',
    );
    expect(parsed?.authservId).toBe('mx.example');
    expect(parsed?.results.map(({ method, result }) => `${method}=${result}`)).toEqual(['dkim=pass', 'spf=none']);
    expect(parsed?.results[0]?.reason).toBe('a; b=c "d"');
    expect(parsed?.results[0]?.properties.get('header.d')).toEqual(['example.com']);
  });

  it('reads what servers really write', () => {
    const parsed = parseResultsHeader(pass);
    expect(parsed?.results.map(({ method }) => method)).toEqual(['dkim', 'spf', 'dmarc']);
    const verp = parseResultsHeader(
      'mx.example; spf=pass smtp.mailfrom="a b"@x.example header.b=ab==; spf=pass smtp.mailfrom=b+a=c.example@x.example',
    );
    expect(verp?.results[0]?.properties.get('smtp.mailfrom')).toEqual(['a b@x.example']);
    expect(verp?.results[1]?.properties.get('smtp.mailfrom')).toEqual(['b+a=c.example@x.example']);
    expect(parseResultsHeader('mx.example; none')).toEqual({ authservId: 'mx.example', results: [] });
    expect(parseResultsHeader('mx.example')?.results).toEqual([]);
  });

  it.each([
    '',
    ';dmarc=pass',
    'mx.example; dmarc=pass (open',
    'mx.example; x="open',
    'mx.example; dmarc',
    'mx.example; =pass',
    'mx.example; dmarc=',
    'mx.example dmarc=pass',
    'spf=pass smtp.mailfrom=x; dmarc=pass header.from=x.example',
    'mx.example )x; dmarc=pass',
  ])('refuses %j', (value) => {
    expect(parseResultsHeader(value)).toBeNull();
  });

  it('stays quick on long nonsense', () => {
    for (const piece of ['(', '"', 'a=', ';', 'a b=c ', '\\', 'a']) {
      expect(() => parseResultsHeader(`mx.example; ${piece.repeat(100_000)}`)).not.toThrow();
    }
  });
});

describe('receiverVerdict', () => {
  const verdict = (...headers: { name: string; value: string }[]) => {
    const { verdict: word, reason } = receiverVerdict(headers, server, 'example.com');
    return `${word}:${reason}`;
  };

  it('believes the server that received the mail', () => {
    expect(verdict(results(pass))).toBe('pass:dmarc_pass');
    expect(
      verdict(
        received('by 2002:a05:6a10:1 with SMTP id x; Fri'),
        received('from a (a. [192.0.2.1]) by mx.google.com with ESMTPS id y; Fri'),
        results(pass),
      ),
    ).toBe('pass:dmarc_pass');
    expect(receiverVerdict([results(pass)], ' MX.Google.com ', 'EXAMPLE.com').line).toBe(pass);
  });

  it('believes nothing below a Received line of somebody else', () => {
    expect(verdict(received('from a by mx.evil.example with SMTP; Fri'), results(pass))).toBe(
      'untrusted:no_results_of_receiver',
    );
    expect(verdict(received('from a (by mx.google.com ) by mx.evil.example; Fri'), results(pass))).toBe(
      'untrusted:no_results_of_receiver',
    );
    expect(verdict(received('from a by google.com.evil.example; Fri'), results(pass))).toBe(
      'untrusted:no_results_of_receiver',
    );
    expect(verdict(received('from a by 192.0.2.7; Fri'), results(pass))).toBe('untrusted:no_results_of_receiver');
    expect(verdict(received('nonsense'), results(pass))).toBe('untrusted:no_results_of_receiver');
  });

  it('takes the first field of the server only', () => {
    const fail = `${server}; dmarc=fail header.from=example.com`;
    expect(verdict(results(fail), results(pass))).toBe('fail:dmarc_not_passed');
    expect(verdict(results(pass), results(fail))).toBe('pass:dmarc_pass');
    expect(verdict(results('mx.evil.example; dmarc=pass header.from=example.com'), results(pass))).toBe(
      'pass:dmarc_pass',
    );
    expect(verdict(results(`${server}; dmarc=pass header.from=example.com (`), results(pass))).toBe(
      'untrusted:unreadable_results',
    );
  });

  it.each([
    [`${server}; dmarc=pass header.from=evil.example`, 'fail:header_from_differs'],
    [`${server}; dmarc=pass`, 'fail:header_from_differs'],
    [`${server}; dmarc=pass header.from=example.com header.from=evil.example`, 'fail:header_from_differs'],
    [`${server}; dmarc=temperror header.from=example.com`, 'fail:dmarc_not_passed'],
    [`${server}; dmarc=bestguesspass header.from=example.com`, 'fail:dmarc_not_passed'],
    [`${server}; dmarc=pass header.from=example.com; dmarc=pass header.from=example.com`, 'fail:dmarc_twice'],
    [`${server}; dkim=pass header.i=@example.com`, 'none:no_dmarc_dkim_pass'],
    [`${server}; dkim=pass header.d=mail.example.com; dmarc=none header.from=example.com`, 'none:no_dmarc_dkim_pass'],
    [`${server}; dkim=pass header.d=evil.example`, 'fail:no_dmarc_no_dkim'],
    [`${server}; spf=pass smtp.mailfrom=example.com`, 'fail:no_dmarc_no_dkim'],
    [`${server}; none`, 'fail:no_dmarc_no_dkim'],
    [`${server}; x="dmarc=pass header.from=example.com"`, 'fail:no_dmarc_no_dkim'],
  ])('%s is %s', (value, expected) => {
    expect(verdict(results(value))).toBe(expected);
  });

  it('believes nothing without a configured name', () => {
    expect(receiverVerdict([results(pass)], '', 'example.com')).toEqual({
      verdict: 'untrusted',
      reason: 'not_configured',
      line: null,
    });
  });
});
