/** The real mailbox for the suites; `npm test` sets it. Unset: those suites are reported as skipped. */
export const testImapUrl = process.env['TEST_IMAP_URL'];
