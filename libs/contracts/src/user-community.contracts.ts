import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { firstNameSchema, pageInputSchema, pageSchema, timeSchema, userIdSchema } from './field.schemas.js';

const target = z.object({ user_id: userIdSchema });

/** Following other members (U-16). Doing it again changes nothing. */
export const FollowUser = defineCommand({
  name: 'user.follow.v1',
  summary: 'Follow a member',
  input: target,
  output: z.object({ user_id: userIdSchema, following: z.literal(true) }),
  errors: ['user.not_found', 'follow.own_account', 'follow.too_many'],
});

export const UnfollowUser = defineCommand({
  name: 'user.unfollow.v1',
  summary: 'Stop following a member',
  input: target,
  output: z.object({ user_id: userIdSchema, following: z.literal(false) }),
});

const followSchema = z.object({ user_id: userIdSchema, first_name: firstNameSchema, since: timeSchema });

export const ListFollowing = defineQuery({
  name: 'user.list_following.v1',
  summary: 'Whom the calling member follows, newest first',
  input: pageInputSchema,
  output: pageSchema(followSchema),
});

export const ListFollowers = defineQuery({
  name: 'user.list_followers.v1',
  summary: 'Who follows the calling member, newest first',
  input: pageInputSchema,
  output: pageSchema(followSchema),
});

export const tagKinds = ['system', 'custom'] as const;
const tagName = z
  .string()
  .trim()
  .min(1)
  .max(32)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u);
const tagSchema = z.object({
  id: z.int(),
  name: z.string(),
  kind: z.enum(tagKinds),
  members: z.int().describe('how many have it'),
  created_at: timeSchema,
});

/** Tags on members (U-16): the platform sets its own by what happens, admins set theirs by hand; both are segments. */
export const CreateTag = defineCommand({
  name: 'user.create_tag.v1',
  summary: 'Make a tag that admins can put on members',
  input: z.object({ name: tagName }),
  output: tagSchema,
  errors: ['auth.forbidden', 'tag.taken', 'tag.too_many'],
});

export const RemoveTag = defineCommand({
  name: 'user.remove_tag.v1',
  summary: 'Remove a tag, from all members too',
  input: z.object({ tag_id: z.int().positive() }),
  output: z.object({ removed: z.literal(true) }),
  errors: ['auth.forbidden', 'tag.unknown', 'tag.is_system'],
});

export const ListTags = defineQuery({
  name: 'user.list_tags.v1',
  summary: 'All tags, and how many members have each',
  input: z.object({}),
  output: z.object({ items: z.array(tagSchema) }),
  errors: ['auth.forbidden'],
});

const tagged = z.object({ user_id: userIdSchema, tag_id: z.int().positive() });

export const TagUser = defineCommand({
  name: 'user.tag.v1',
  summary: 'Put a tag on a member',
  input: tagged,
  output: tagged.extend({ tagged: z.literal(true) }),
  errors: ['auth.forbidden', 'user.not_found', 'tag.unknown', 'tag.is_system'],
});

export const UntagUser = defineCommand({
  name: 'user.untag.v1',
  summary: 'Take a tag from a member',
  input: tagged,
  output: tagged.extend({ tagged: z.literal(false) }),
  errors: ['auth.forbidden', 'user.not_found', 'tag.unknown', 'tag.is_system'],
});

export const ListUserTags = defineQuery({
  name: 'user.list_user_tags.v1',
  summary: "A member's tags",
  input: target,
  output: z.object({ items: z.array(tagSchema.omit({ members: true }).extend({ since: timeSchema })) }),
  errors: ['auth.forbidden'],
});

/** A segment, page by page: whoever sends to it asks until nothing comes. */
export const ListTaggedUsers = defineQuery({
  name: 'user.list_tagged_users.v1',
  summary: 'The members who have a tag, by id',
  input: z.object({
    tag_id: z.int().positive(),
    after_user_id: z.int().min(0).default(0),
    limit: z.int().min(1).max(1_000).default(500),
  }),
  output: z.object({ user_ids: z.array(userIdSchema) }),
  errors: ['auth.forbidden', 'tag.unknown'],
});

export const UserFollowed = defineEvent({
  name: 'user.followed.v1',
  summary: 'A member follows another',
  payload: z.object({ user_id: userIdSchema, followee_user_id: userIdSchema }),
});

export const UserUnfollowed = defineEvent({
  name: 'user.unfollowed.v1',
  summary: 'A member follows another no more',
  payload: z.object({ user_id: userIdSchema, followee_user_id: userIdSchema }),
});

export const TagChanged = defineEvent({
  name: 'user.tag_changed.v1',
  summary: 'A tag was made or removed',
  payload: z.object({ tag_id: z.int(), tag: z.string(), exists: z.boolean() }),
});

export const UserTagsChanged = defineEvent({
  name: 'user.tags_changed.v1',
  summary: 'A member got a tag or lost one',
  payload: z.object({ user_id: userIdSchema, tag_id: z.int(), tag: z.string(), has: z.boolean() }),
});
