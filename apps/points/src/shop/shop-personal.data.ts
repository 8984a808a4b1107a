import type { PersonalData } from '#service';

/** What the exchange shop keeps about members (U-15), in the order of erasure. */
export const shopPersonalData: PersonalData = [
  {
    table: 'addresses',
    member: 'user_id',
    key: 'id',
    onErasure: 'erase',
    // `sealed` comes out as the readable `address`, see AddressArchiveService.
    archive: ['id', 'tag', 'sealed', 'created_at', 'updated_at'],
  },
  { table: 'address_books', member: 'user_id', key: 'user_id', onErasure: 'erase', archive: ['address_count'] },
  {
    table: 'points_exchange_addresses',
    member: { column: 'order_id', table: 'points_exchange_records', key: 'id', member: 'user_id' },
    key: 'order_id',
    onErasure: 'erase',
    archive: ['order_id', 'sealed'],
  },
  {
    table: 'points_exchange_steps',
    member: 'actor_user_id',
    key: 'id',
    onErasure: { actor_user_id: null },
    archive: ['order_id', 'to_status', 'note', 'created_at'],
    why: 'the history of an order belongs to the order, which is kept with the books',
  },
  {
    table: 'points_exchange_records',
    member: 'user_id',
    key: 'id',
    onErasure: { tracking_carrier: null, tracking_number: null, fulfilment_code: null, note: null },
    archive: [
      'id',
      'name_en',
      'quantity',
      'points_cost',
      'status',
      'tracking_carrier',
      'tracking_number',
      'fulfilment_code',
      'note',
      'refusal',
      'created_at',
    ],
    why: 'the other side of postings that the immutable ledger keeps; it names an id',
  },
  {
    table: 'points_exchange_buyers',
    member: 'user_id',
    key: 'exchange_id',
    onErasure: 'erase',
    archive: ['exchange_id', 'bought_total'],
  },
];
