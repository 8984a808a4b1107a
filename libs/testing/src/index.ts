export * from './bot-emulator.js';
export * from './eventually.js';
