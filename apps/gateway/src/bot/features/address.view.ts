import type { GetMyOrder, ListAddresses, OutputOf } from '#contracts';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';
import { defaultPress, newAddressPress, removeAddressPress } from './shop.keyboard.js';

type Address = OutputOf<typeof ListAddresses>['items'][number];
type DeliveryAddress = NonNullable<OutputOf<typeof GetMyOrder>['delivery_address']>;

/** An address in one line, the person first. */
export function addressLine(address: DeliveryAddress): string {
  const { name, phone, country, province, city, district, address: street, postal_code } = address;
  return [name, phone, street, district, city, province, postal_code, country]
    .filter((part) => part !== null)
    .join(', ');
}

export function addressesHtml(visit: Visit, addresses: readonly Address[]): string {
  const entries = addresses.map((address, index) => {
    const mark = address.is_default ? ' ⭐' : '';
    return `${index + 1}.${mark} ${visit.html('shop.addresses.entry', { address: addressLine(address) })}`;
  });
  return [
    visit.html('shop.addresses.title'),
    '',
    ...(entries.length > 0
      ? [...entries, '', visit.html('shop.addresses.legend')]
      : [visit.html('shop.addresses.empty')]),
  ].join('\n');
}

export function addressesButtons(visit: Visit, addresses: readonly Address[]): ButtonRows {
  const rows = addresses.map(({ id, is_default }, index) => [
    ...(is_default
      ? []
      : [button(visit.text('shop.buttons.make_default', { number: index + 1 }), defaultPress.pack({ id }))]),
    button(visit.text('shop.buttons.remove_address', { number: index + 1 }), removeAddressPress.pack({ id })),
  ]);
  const add = button(visit.text('shop.buttons.new_address'), newAddressPress.pack({ item: 0 }));
  return [...rows, [add], [menuButton(visit)]];
}
