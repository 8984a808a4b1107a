import type { EmulatorCore } from '../emulator.core.js';
import type { MethodInput } from '../method.input.js';

/** One method of the Bot API: returns what goes into `result`, throws an ApiFailure otherwise. */
export type ApiMethod = (core: EmulatorCore, input: MethodInput, signal: AbortSignal) => unknown;
