/** An address as a member may see it: enough to tell home from abroad, too little to find a house. */
export function maskIp(ip: string | undefined): string | null {
  if (ip === undefined) return null;
  const version4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/i.exec(ip);
  if (version4) return `${version4[1]}.${version4[2]}.${version4[3]}.*`;
  const groups = expandedGroups(ip);
  return groups === null ? null : `${groups.slice(0, 3).join(':')}:*`;
}

const groupsOfAddress = 8;

function expandedGroups(ip: string): string[] | null {
  if (!/^[0-9a-f:]{2,39}$/i.test(ip)) return null;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = groupsOfAddress - before.length - after.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return null;
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after];
}

/** What a client calls itself, without what a terminal or a page would act on. */
export function deviceName(userAgent: string | null): string | null {
  const text = (userAgent ?? '').replace(/\p{C}/gu, ' ').replace(/\s+/gu, ' ').trim();
  return text === '' ? null : text;
}
