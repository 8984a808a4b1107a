import type { DeliveryContent } from '../deliveries/delivery-content.schema.js';
import type { Contact } from '../sender/claimed-delivery.types.js';

/** Whether a reminder tells of an end that is not the end any more: the member has renewed since (U-06). */
export function isOutdatedReminder(content: DeliveryContent, { membership }: Contact): boolean {
  if (content.template !== 'membership_reminder' || membership === null) return false;
  return membership.expiresAt === null || membership.expiresAt > new Date(content.expires_at);
}
