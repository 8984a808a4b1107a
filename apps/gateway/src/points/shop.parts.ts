import { AddressController } from './address.controller.js';
import { ExchangeAdminController } from './exchange-admin.controller.js';
import { ExchangeOrderController } from './exchange-order.controller.js';
import { ExchangeController } from './exchange.controller.js';
import { OrderAdminController } from './order-admin.controller.js';
import { VelocityController } from './velocity.controller.js';

/** The exchange shop and the address book (P-07), and velocity alarms (P-09), by REST. */
export const shopControllers = [
  ExchangeController,
  ExchangeOrderController,
  AddressController,
  ExchangeAdminController,
  OrderAdminController,
  VelocityController,
];
