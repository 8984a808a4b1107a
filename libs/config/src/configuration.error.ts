/** What is wrong with one environment variable. Never holds its value. */
export interface ConfigurationProblem {
  readonly variable: string;
  readonly problem: string;
}

/** The process cannot start with this environment; lists every problem at once, so that one restart mends them all. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(({ variable, problem }) => `  ${variable}: ${problem}`);
    super(`the environment is not usable:\n${lines.join('\n')}`);
    this.name = 'ConfigurationError';
  }
}
