/** Where the real engines are for the suites; `npm test` sets these. Unset: the suite's real half is reported as skipped. */
export const testEnvironment = {
  mysqlUrl: process.env['TEST_MYSQL_URL'],
  rabbitmqUrl: process.env['TEST_RABBITMQ_URL'],
  rabbitmqManagementUrl: process.env['TEST_RABBITMQ_MANAGEMENT_URL'],
};
