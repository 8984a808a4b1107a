import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { timeSchema, userIdSchema } from './field.schemas.js';

const idSchema = z.int().positive();
const line = (longest: number) => z.string().trim().min(1).max(longest);

/** Where something is delivered to (P-07), with the fields of the source document and the country. */
export const deliveryAddressSchema = z.object({
  name: z.string(),
  phone: z.string(),
  country: z.string(),
  province: z.string(),
  city: z.string(),
  district: z.string().nullable(),
  address: z.string(),
  postal_code: z.string().nullable(),
});

export const addressSchema = deliveryAddressSchema.extend({
  id: z.int(),
  tag: z.string().nullable(),
  is_default: z.boolean(),
  created_at: timeSchema,
  updated_at: timeSchema,
});

const fields = {
  name: line(50).describe('of the person who receives it'),
  phone: line(20).describe('national or with the country code; kept in international form'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .describe('ISO 3166-1, two letters'),
  province: line(50),
  city: line(50),
  district: line(50).nullable().default(null),
  address: line(200).describe('street, house, flat'),
  postal_code: z
    .string()
    .regex(/^(?=.*[0-9])[A-Za-z0-9 -]{3,10}$/)
    .nullable()
    .default(null),
  tag: line(20).nullable().default(null).describe('home, work, ...'),
  is_default: z.boolean().default(false),
};

/** What a command about an address answers: replies are remembered, so personal data is only in the answers of queries. */
const addressReceiptSchema = z.object({ id: z.int(), is_default: z.boolean() });
const errors = ['address.unknown', 'address.country_unknown', 'address.phone_invalid'] as const;

export const ListAddresses = defineQuery({
  name: 'points.list_addresses.v1',
  summary: "The member's address book, the default address first",
  input: z.object({}),
  output: z.object({ items: z.array(addressSchema) }),
});

export const AddAddress = defineCommand({
  name: 'points.add_address.v1',
  summary: 'Add a delivery address; the first one is the default',
  input: z.object(fields),
  output: addressReceiptSchema,
  errors: ['address.too_many', 'address.country_unknown', 'address.phone_invalid'],
});

export const ChangeAddress = defineCommand({
  name: 'points.change_address.v1',
  summary: 'Replace a delivery address; orders keep the one they were made with',
  input: z.object({ id: idSchema, ...fields }),
  output: addressReceiptSchema,
  errors: [...errors],
});

export const SetDefaultAddress = defineCommand({
  name: 'points.set_default_address.v1',
  summary: 'Make an address the default one',
  input: z.object({ id: idSchema }),
  output: addressReceiptSchema,
  errors: ['address.unknown'],
});

export const RemoveAddress = defineCommand({
  name: 'points.remove_address.v1',
  summary: 'Remove an address from the address book',
  input: z.object({ id: idSchema }),
  output: z.object({ id: z.int() }),
  errors: ['address.unknown'],
});

export const AddressBookChanged = defineEvent({
  name: 'points.address_book_changed.v1',
  summary: 'A member changed the address book; where the addresses are is in no event',
  payload: z.object({
    user_id: userIdSchema,
    address_id: z.int(),
    action: z.enum(['added', 'changed', 'removed', 'made_default']),
    addresses: z.int().describe('how many there are now'),
  }),
});

export const AddressesReencrypted = defineEvent({
  name: 'points.addresses_reencrypted.v1',
  summary: 'Encrypted addresses were moved to the newest key',
  payload: z.object({
    field: z.string(),
    key_id: z.string(),
    rewritten: z.int(),
    unreadable: z.int().describe('fields that no key reads; they stay as they are'),
  }),
});
