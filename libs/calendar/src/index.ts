export * from './community.day.js';
