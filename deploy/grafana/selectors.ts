/** Members' requests only: scrapes and health checks are not traffic. */
export const members = 'route!~"/metrics|/health.*"';

/** The services that the reader of the dashboard has chosen. */
export const chosen = 'service=~"$service"';

/** The promise to members (O-01). */
export const slowFromSeconds = 0.2;
