import type { IpLimit } from '../rest/access.decorator.js';

const hourMs = 3_600_000;

/** Requests for a code, whichever way it is proven, are counted together (U-08). */
export const verificationLimit: IpLimit = {
  name: 'email-verification',
  setting: 'VERIFICATIONS_PER_IP_PER_HOUR',
  windowMs: hourMs,
};
