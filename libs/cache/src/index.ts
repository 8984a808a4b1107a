export * from './cache.js';
export { openCache, type CacheOptions } from './cache.opener.js';
