import type { FeatureType } from '../menu.types.js';
import { AddressFeature } from './address.feature.js';
import { OrderFeature } from './order.feature.js';
import { ShopFeature } from './shop.feature.js';

export const shopFeatures: readonly FeatureType[] = [ShopFeature, OrderFeature, AddressFeature];
