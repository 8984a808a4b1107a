import type { PersonalData } from '#service';
import { Activities1700000001600 } from '../migrations/1700000001600-activities.js';
import { ActivityAdminService } from './activity-admin.service.js';
import { ActivityDecisionService } from './activity-decision.service.js';
import { ActivityEntity, ActivityParticipantEntity } from './activity.entity.js';
import { ActivityMetrics } from './activity.metrics.js';
import { ActivityPlacesService } from './activity-places.service.js';
import { ActivityQueryService } from './activity-query.service.js';
import { ActivityRewardService } from './activity-reward.service.js';
import { CompletionService } from './completion.service.js';
import { ParticipationService } from './participation.service.js';

const personalData: PersonalData = [
  {
    table: 'activity_participants',
    member: 'user_id',
    key: 'activity_id',
    onErasure: { note: null, reason: null },
    archive: ['activity_id', 'status', 'joined_at', 'requested_at', 'note', 'completed_at', 'points', 'reason'],
    why: 'the places of an activity are counted by its rows; what is left of one is an id and a state',
  },
];

/** What activities (P-05) bring into the service. */
export const activityParts = {
  controllers: [
    ActivityAdminService,
    ActivityQueryService,
    ParticipationService,
    CompletionService,
    ActivityDecisionService,
  ],
  providers: [ActivityMetrics, ActivityPlacesService, ActivityRewardService],
  entities: [ActivityEntity, ActivityParticipantEntity],
  migrations: [Activities1700000001600],
  personalData,
};
