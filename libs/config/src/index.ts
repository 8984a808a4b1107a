export * from './configuration.error.js';
export * from './configuration.loader.js';
export * from './engine.env.js';
export * from './terms.env.js';
export * from './variable.schemas.js';
