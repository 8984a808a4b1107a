import { honestTests, noAny, noConsole, noEnvironment, pureRules, silencingComments } from './code.check.js';
import { oneLedger } from './ledger.check.js';
import { blobSize, fileLength, functionLength, lineLength } from './length.check.js';
import { fileName, identifierWords, pathWords } from './name.check.js';
import type { Check } from './source.file.js';
import { markdownTitle, noMachinePaths, noSecrets, portableSql } from './text.check.js';

/** Every check that runs over every file of the repository. */
export const checks: Check[] = [
  lineLength,
  fileLength,
  functionLength,
  blobSize,
  fileName,
  pathWords,
  identifierWords,
  noAny,
  silencingComments,
  noEnvironment,
  noConsole,
  pureRules,
  honestTests,
  portableSql,
  oneLedger,
  noMachinePaths,
  markdownTitle,
  noSecrets,
];
