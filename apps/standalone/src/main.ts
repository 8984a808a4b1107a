import 'reflect-metadata';
import { runProcess } from '#service';
import { startStandalone } from './standalone.js';

await runProcess(async () => {
  const platform = await startStandalone();
  const lines = [
    '',
    'The platform is running.',
    ...(platform.chatUrl ? [`  chat with the bot   ${platform.chatUrl}`] : []),
    `  API console         ${platform.gatewayUrl}/docs`,
    `  health              ${platform.gatewayUrl}/health`,
    `  metrics             ${platform.gatewayUrl}/metrics`,
    '',
    'The invite code of this installation is COSPLAY7. Its data lies in .data/. Stop it with Ctrl+C.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return platform;
});
