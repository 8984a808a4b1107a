export * from './blind.index.js';
export * from './encryption.env.js';
export * from './field.cipher.js';
export * from './field.rotation.js';
export * from './key.ring.js';
export * from './sealed.code.js';
