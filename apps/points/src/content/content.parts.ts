import type { PersonalData } from '#service';
import { Contents1700000001610 } from '../migrations/1700000001610-contents.js';
import { ContentReviewService } from './content-review.service.js';
import { ContentDayEntity, ContentEntity } from './content.entity.js';
import { ContentMetrics } from './content.metrics.js';
import { ContentService } from './content.service.js';

const personalData: PersonalData = [
  {
    table: 'contents',
    member: 'user_id',
    key: 'id',
    onErasure: 'erase',
    archive: [
      'kind',
      'title',
      'body',
      'link',
      'photo_file_id',
      'status',
      'points',
      'reason',
      'submitted_at',
      'decided_at',
    ],
  },
  { table: 'content_days', member: 'user_id', key: 'day', onErasure: 'erase', archive: 'nothing' },
];

/** What content publication (P-05) brings into the service. */
export const contentParts = {
  controllers: [ContentService, ContentReviewService],
  providers: [ContentMetrics],
  entities: [ContentEntity, ContentDayEntity],
  migrations: [Contents1700000001610],
  personalData,
};
