import { ActivityService } from '../activity/activity.service.js';
import { FollowService } from './follow.service.js';
import { SystemTagService } from './system-tag.service.js';
import { TagService } from './tag.service.js';

/** Follows, tags, activity (U-16, U-17). */
export const communityControllers = [FollowService, TagService, SystemTagService, ActivityService];
