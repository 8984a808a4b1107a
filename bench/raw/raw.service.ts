import { connect } from 'amqplib';
import mysql, { type RowDataPacket } from 'mysql2';

/** The raw ceiling's service: amqplib with acknowledgements and prefetch 100, one prepared statement, nothing else. */
const channelModel = await connect(process.env['RABBITMQ_URL'] ?? '', { noDelay: true });
const pool = mysql.createPool({ uri: process.env['MYSQL_URL'] ?? '', connectionLimit: 10, supportBigNumbers: true });
const channel = await channelModel.createChannel();
await channel.assertQueue('raw.requests', { durable: true });
await channel.prefetch(100);
await channel.consume('raw.requests', (message) => {
  if (!message) return;
  const { user } = JSON.parse(message.content.toString()) as { user: number };
  pool.execute<RowDataPacket[]>(
    'SELECT balance, frozen FROM point_accounts WHERE user_id = ?',
    [user],
    (error, rows) => {
      const row = error ? undefined : rows[0];
      const balance = Number(row?.['balance'] ?? 0);
      const frozen = Number(row?.['frozen'] ?? 0);
      const { replyTo, correlationId } = message.properties as { replyTo: string; correlationId: string };
      const reply = JSON.stringify({ balance, frozen, available: balance - frozen });
      channel.publish('', replyTo, Buffer.from(reply), { correlationId });
      channel.ack(message);
    },
  );
});
process.on('SIGTERM', () => process.exit(0));
