import { archiveOpener } from '#service';
import { AddressArchiveService } from '../address/address-archive.service.js';
import { AddressBookEntity, AddressEntity } from '../address/address.entity.js';
import { AddressRotationJob } from '../address/address-rotation.job.js';
import { AddressService } from '../address/address.service.js';
import { AddressStore } from '../address/address.store.js';
import { ExchangeAdminService } from './exchange-admin.service.js';
import { ExchangeQueryService } from './exchange-query.service.js';
import { ExchangeBuyerEntity, ExchangeEntity } from './exchange.entity.js';
import { OrderQueryService } from './order-query.service.js';
import { OrderAddressEntity, OrderEntity, OrderStepEntity } from './order.entity.js';
import { OrderService } from './order.service.js';
import { OrderWriter } from './order.writer.js';
import { PurchaseService } from './purchase.service.js';
import { RefusedItemService } from './refused-item.service.js';

/** The exchange shop and the address book (P-07). */
export const shopControllers = [
  ExchangeQueryService,
  ExchangeAdminService,
  PurchaseService,
  OrderService,
  RefusedItemService,
  OrderQueryService,
  AddressService,
];
export const shopProviders = [
  AddressStore,
  AddressRotationJob,
  OrderWriter,
  { provide: archiveOpener, useClass: AddressArchiveService },
];
export const shopEntities = [
  ExchangeEntity,
  ExchangeBuyerEntity,
  OrderEntity,
  OrderStepEntity,
  OrderAddressEntity,
  AddressBookEntity,
  AddressEntity,
];
