import { chart, type Query, type Row } from './panel.builder.js';
import { chosen, members, slowFromSeconds } from './selectors.js';

export const restRow: Row = {
  title: 'REST: rate, errors, duration',
  columns: 2,
  height: 8,
  panels: [
    chart({
      title: 'Requests by route',
      description: 'Requests per second that the gateway answered.',
      unit: 'reqps',
      stacked: true,
      queries: [
        [
          `sum by (method, route) (rate(coser_http_request_duration_seconds_count{${members}}[$__rate_interval]))`,
          '{{method}} {{route}}',
        ],
      ],
    }),
    chart({
      title: 'Answers by status',
      description: '4xx: the caller made a mistake. 5xx: we did.',
      unit: 'reqps',
      queries: [
        [
          `sum by (status) (rate(coser_http_request_duration_seconds_count{${members}}[$__rate_interval]))`,
          '{{status}}',
        ],
      ],
    }),
    chart({
      title: 'Duration of requests',
      description: 'Half, 95 % and 99 % of the requests were faster. The line is the promise: p99 below 200 ms.',
      unit: 's',
      badFrom: slowFromSeconds,
      queries: [0.5, 0.95, 0.99].map((quantile) => [
        quantileOf(quantile, `coser_http_request_duration_seconds_bucket{${members}}`),
        `p${quantile * 100}`,
      ]),
    }),
    chart({
      title: 'p99 by route',
      description: 'Which route breaks the promise of 200 ms.',
      unit: 's',
      badFrom: slowFromSeconds,
      queries: [[quantileOf(0.99, `coser_http_request_duration_seconds_bucket{${members}}`, 'route'), '{{route}}']],
    }),
  ],
};

export const servicesRow: Row = {
  title: 'Services: rate, errors, duration of requests and events',
  columns: 3,
  height: 8,
  panels: [
    chart({
      title: 'Requests by service',
      description: 'Commands and queries per second that each service handled.',
      unit: 'reqps',
      stacked: true,
      queries: [
        [`sum by (service) (rate(coser_rpc_duration_seconds_count{${chosen}}[$__rate_interval]))`, '{{service}}'],
      ],
    }),
    chart({
      title: 'Outcomes by service',
      description:
        'How the handled commands and queries ended. A refusal is a right answer, a failure is a bug or a broken engine.',
      unit: 'reqps',
      queries: [
        [
          `sum by (service, outcome) (rate(coser_rpc_duration_seconds_count{${chosen}}[$__rate_interval]))`,
          '{{service}} {{outcome}}',
        ],
      ],
    }),
    chart({
      title: 'p99 by service',
      description: 'Time in the service, from the message received to the reply sent.',
      unit: 's',
      badFrom: slowFromSeconds,
      queries: [[quantileOf(0.99, `coser_rpc_duration_seconds_bucket{${chosen}}`, 'service'), '{{service}}']],
    }),
    chart({
      title: 'p99 by contract',
      description: 'Which command or query is slow.',
      unit: 's',
      badFrom: slowFromSeconds,
      queries: [[quantileOf(0.99, `coser_rpc_duration_seconds_bucket{${chosen}}`, 'contract'), '{{contract}}']],
    }),
    chart({
      title: 'Waiting for an answer',
      description: 'Requests sent to another service and not answered yet.',
      unit: 'short',
      queries: [
        [
          `sum by (service, service_target) (coser_rpc_client_in_flight{${chosen}})`,
          '{{service}} to {{service_target}}',
        ],
      ],
    }),
    chart({
      title: 'p99 of event handlers',
      description: 'Time to handle an event, with its database transaction.',
      unit: 's',
      queries: [[quantileOf(0.99, `coser_event_duration_seconds_bucket{${chosen}}`, 'event'), '{{event}}']],
    }),
  ],
};

export const messagesRow: Row = {
  title: 'Messages',
  columns: 3,
  height: 8,
  panels: [
    chart({
      title: 'Queue depths',
      description: 'Messages that wait or are being handled, by queue. More than 1000 for 5 minutes is an alarm.',
      unit: 'short',
      badFrom: 1000,
      queries: [['max by (queue) (rabbitmq_queue_messages{queue!~"dead[.].*"})', '{{queue}}']],
    }),
    chart({
      title: 'Outbox lag',
      description: 'Age of the oldest event that is stored but not published. More than 30 s for a minute is an alarm.',
      unit: 's',
      badFrom: 30,
      queries: [[`max by (service) (coser_outbox_lag_seconds{${chosen}})`, '{{service}}']],
    }),
    chart({
      title: 'Outbox size',
      description: 'Events that are stored but not published.',
      unit: 'short',
      queries: [[`max by (service) (coser_outbox_pending{${chosen}})`, '{{service}}']],
    }),
    chart({
      title: 'Events published',
      description: 'Events per second that the outbox relay handed to the broker, with its confirmation.',
      unit: 'cps',
      queries: [rateBy('coser_outbox_published_total', 'service')],
    }),
    chart({
      title: 'Events handled',
      description: 'Events per second, by what came of them.',
      unit: 'cps',
      queries: [rateBy('coser_event_duration_seconds_count', 'outcome')],
    }),
    chart({
      title: 'Deliveries seen before',
      description: 'Messages per second that the inbox recognised as repeated. Their effect was not repeated.',
      unit: 'cps',
      queries: [rateBy('coser_inbox_duplicates_total', 'service')],
    }),
    chart({
      title: 'Dead letters',
      description: 'Messages given up, by queue: those that wait for a person, and those that were added.',
      unit: 'short',
      badFrom: 1,
      queries: [
        ['max by (queue) (rabbitmq_queue_messages{queue=~"dead[.].+"})', '{{queue}} waiting'],
        [`sum by (queue) (increase(coser_dead_letters_total{${chosen}}[$__rate_interval]))`, '{{queue}} added'],
      ],
    }),
    chart({
      title: 'Consumers by queue',
      description: 'Who reads each queue. None is an alarm.',
      unit: 'short',
      queries: [['max by (queue) (rabbitmq_queue_consumers{queue!~"dead[.].*"})', '{{queue}}']],
    }),
    chart({
      title: 'Connected to the broker',
      description: '1 when every instance of the service has its connection.',
      unit: 'short',
      queries: [[`min by (service) (coser_broker_connected{${chosen}})`, '{{service}}']],
    }),
  ],
};

export const processesRow: Row = {
  title: 'Processes',
  columns: 2,
  height: 8,
  panels: [
    chart({
      title: 'Event-loop lag',
      description: 'One turn in a hundred came later than this. More than 100 ms: short of CPU, or a long computation.',
      unit: 's',
      badFrom: 0.1,
      queries: [[`max by (service) (nodejs_eventloop_lag_p99_seconds{${chosen}})`, '{{service}}']],
    }),
    chart({
      title: 'Database connections',
      description: 'Connections in use and requests that wait for one.',
      unit: 'short',
      queries: [
        [
          `sum by (service, state) (coser_database_pool_connections{${chosen}, state=~"active|waiting"})`,
          '{{service}} {{state}}',
        ],
      ],
    }),
    chart({
      title: 'CPU',
      description: 'Cores in use; a Node process seldom uses more than one.',
      unit: 'percentunit',
      queries: [rateBy('process_cpu_seconds_total', 'service')],
    }),
    chart({
      title: 'Memory',
      description: 'Resident memory of the largest instance. A line that only ever rises is a leak.',
      unit: 'bytes',
      queries: [[`max by (service) (process_resident_memory_bytes{${chosen}})`, '{{service}}']],
    }),
    chart({
      title: 'Rounds of jobs',
      description: 'Rounds per second of the work that begins by itself, by outcome.',
      unit: 'cps',
      queries: [
        [`sum by (job, outcome) (rate(coser_job_rounds_total{${chosen}}[$__rate_interval]))`, '{{job}} {{outcome}}'],
      ],
    }),
    chart({
      title: 'Jobs: since the last round',
      description: 'Time since some instance last ended a round of the job without a failure.',
      unit: 's',
      queries: [[`time() - max by (job) (coser_job_last_done_timestamp_seconds{${chosen}})`, '{{job}}']],
    }),
  ],
};

function quantileOf(quantile: number, buckets: string, label?: string): string {
  const labels = label === undefined ? 'le' : `le, ${label}`;
  return `histogram_quantile(${quantile}, sum by (${labels}) (rate(${buckets}[$__rate_interval])))`;
}

function rateBy(counter: string, label: string): Query {
  return [`sum by (${label}) (rate(${counter}{${chosen}}[$__rate_interval]))`, `{{${label}}}`];
}
