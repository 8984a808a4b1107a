import { describe, expect, it } from 'vitest';
import { miniAppUrl } from './mini-app.rules.js';

const telegram = 'https://api.telegram.org';
const emulator = 'http://127.0.0.1:3001';

describe('where the Mini App is (B-02)', () => {
  it.each([
    ['https://club.example.org', telegram, 'https://club.example.org/app'],
    ['https://club.example.org/coser/', telegram, 'https://club.example.org/coser/app'],
    ['https://club.example.org', emulator, 'https://club.example.org/app'],
    ['http://club.example.org', telegram, null],
    ['http://club.example.org', emulator, null],
    ['http://127.0.0.1:3000', telegram, null],
    ['http://127.0.0.1:3000', emulator, 'http://127.0.0.1:3000/app'],
    ['http://localhost:3000', 'http://localhost:3001', 'http://localhost:3000/app'],
  ])('%s by %s: %s', (publicUrl, apiRoot, url) => expect(miniAppUrl(publicUrl, apiRoot)).toBe(url));
});
