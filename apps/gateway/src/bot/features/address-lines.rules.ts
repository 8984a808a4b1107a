import type { AddAddress, InputOf } from '#contracts';

const linesAtLeast = 6;
const linesAtMost = 7;

/**
 * An address as it is typed into the chat, one thing in a line: name, phone, country, province, city, street, and the postal code if
 * there is one. Null when the lines are not these; whether each makes sense is decided by who keeps the address.
 */
export function addressOfLines(text: string): InputOf<typeof AddAddress> | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length < linesAtLeast || lines.length > linesAtMost) return null;
  const [name, phone, country, province, city, address, postalCode] = lines as [
    string,
    string,
    string,
    string,
    string,
    string,
    string | undefined,
  ];
  return {
    name,
    phone,
    country: country.toUpperCase(),
    province,
    city,
    address,
    postal_code: postalCode ?? null,
  };
}
