import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyAtMostM, distanceM, judgePosition } from './geofence.rules.js';

const tower = { latitude: 31.2397, longitude: 121.4998 };
const metresPerDegree = 111_195;

describe('a geofence (P-05)', () => {
  it('knows distances between places', () => {
    expect(distanceM(tower, tower)).toBe(0);
    const beijing = { latitude: 39.9042, longitude: 116.4074 };
    expect(distanceM(tower, beijing) / 1000).toBeCloseTo(1068, -1);
    // Over the date line it is the short way.
    expect(distanceM({ latitude: 0, longitude: 179.9 }, { latitude: 0, longitude: -179.9 })).toBeCloseTo(
      0.2 * metresPerDegree,
      -2,
    );
  });

  it('lets in whoever is within the radius, the inaccuracy in their favour', () => {
    const place = { ...tower, radiusM: 100 };
    const away = (metres: number) => ({ ...tower, latitude: tower.latitude + metres / metresPerDegree });
    expect(judgePosition(place, away(99), 0).kind).toBe('inside');
    expect(judgePosition(place, away(101), 0)).toEqual({ kind: 'too_far', distanceM: 101 });
    expect(judgePosition(place, away(149), 50).kind).toBe('inside');
    expect(judgePosition(place, away(152), 50).kind).toBe('too_far');
  });

  it('believes no position that is too vague, however near it seems', () => {
    const place = { ...tower, radiusM: 100 };
    expect(judgePosition(place, tower, accuracyAtMostM).kind).toBe('inside');
    expect(judgePosition(place, tower, accuracyAtMostM + 0.1).kind).toBe('too_vague');
  });

  it('measures the same both ways, and never more than half the earth', () => {
    const point = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(point, point, (from, to) => {
        const there = distanceM(from, to);
        expect(Math.abs(there - distanceM(to, from))).toBeLessThan(1e-3);
        expect(there).toBeLessThanOrEqual(Math.PI * 6_371_009);
      }),
    );
  });
});
