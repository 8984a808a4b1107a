import { dashboard } from './dashboard.builder.js';
import { businessRow, glanceRow } from './main-job.business.js';
import { messagesRow, processesRow, restRow, servicesRow } from './main-job.machine.js';
import { communityDetailRow, peopleDetailRow, pointsDetailRow } from './main-job.details.js';
import { pointsRow } from './main-job.points.js';

/** A member meets the bot, registers, binds an e-mail, checks in, sees points: all figures on one page. */
export const mainJobDashboard = dashboard({
  uid: 'coser-main-job',
  title: 'Coser: the main job',
  description:
    'Registration, e-mail binding, check-in and points, from the request at the edge to the message delivered',
  rows: [
    glanceRow,
    businessRow,
    pointsRow,
    pointsDetailRow,
    communityDetailRow,
    peopleDetailRow,
    restRow,
    servicesRow,
    messagesRow,
    processesRow,
  ],
});
