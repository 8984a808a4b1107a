import 'reflect-metadata';
import { runLedgerCommand } from '../ledger/ledger-command.application.js';

process.exitCode = await runLedgerCommand(process.argv.slice(2), (text) => process.stdout.write(text));
