/** A point on the earth, in degrees. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const earthRadiusM = 6_371_008;
/** A position that may be this far off says nothing about who is where (P-05). */
export const accuracyAtMostM = 200;

/** The way over the surface between two points (haversine), in metres. */
export function distanceM(from: Point, to: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const latitudes = radians(to.latitude - from.latitude);
  const longitudes = radians(to.longitude - from.longitude);
  const chord =
    Math.sin(latitudes / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(longitudes / 2) ** 2;
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

export type GeofenceVerdict =
  | { readonly kind: 'inside' }
  | { readonly kind: 'too_vague' }
  | { readonly kind: 'too_far'; readonly distanceM: number };

/**
 * Whether somebody whose device says `position`, give or take `accuracyM`, can be within the radius. The inaccuracy counts in
 * their favour, which is why it is bounded.
 */
export function judgePosition(
  place: Point & { readonly radiusM: number },
  position: Point,
  accuracyM: number,
): GeofenceVerdict {
  if (accuracyM > accuracyAtMostM) return { kind: 'too_vague' };
  const distance = distanceM(place, position);
  if (distance <= place.radiusM + accuracyM) return { kind: 'inside' };
  return { kind: 'too_far', distanceM: Math.round(distance) };
}
