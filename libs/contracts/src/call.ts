import { z } from 'zod';

/** Languages a person can read the platform in. */
export const locales = ['zh', 'en', 'ru'] as const;
export const localeSchema = z.enum(locales);
export type Locale = (typeof locales)[number];

export const roles = ['member', 'vip', 'operator', 'admin', 'super_admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = (typeof roles)[number];

const permissionsAtMost = 200;

/** Who asks: a member, a part of the platform itself, or somebody not signed in. */
export const actorSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('user'),
    user_id: z.int().positive(),
    role: roleSchema,
    /** What the role allows, as the edge knows it (U-13); absent for who has no permission. */
    permissions: z.array(z.string().max(64)).max(permissionsAtMost).optional(),
    /** The session the request came with. */
    session_id: z.string().max(36).optional(),
    /** Has confirmed freshly that it is them: dangerous actions ask for it. */
    stepped_up: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('system'), name: z.string().max(64) }),
  z.object({ kind: z.literal('visitor') }),
]);
export type Actor = z.infer<typeof actorSchema>;

/** Through which door a request came in. */
export const channelSchema = z.enum(['bot', 'rest', 'system']);
export type Channel = z.infer<typeof channelSchema>;

/** What travels with every message besides its content: who, from where, in which language, in which trace. */
export const callSchema = z.object({
  request_id: z.string().max(64),
  actor: actorSchema,
  channel: channelSchema,
  locale: localeSchema,
  ip: z.string().max(64).optional(),
  traceparent: z.string().max(64).optional(),
});
export type Call = z.infer<typeof callSchema>;

/** A stable text for an actor: part of a command's identity, so that two members can use the same idempotency key. */
export function actorKey(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return `user:${actor.user_id}`;
    case 'system':
      return `system:${actor.name}`;
    case 'visitor':
      return 'visitor';
  }
}
