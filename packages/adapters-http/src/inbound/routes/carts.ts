import type { CartInput, ChangedCart } from '@org/application';
import { aCartAnswer, aCartItem } from '../document/examples/catalogue-examples.js';
import { AddToCartDto, ChangeCartDto, RemoveFromCartDto } from '../dto/catalogue-dto.js';
import { through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { cart, cartBody } from '../views/catalogue-views.js';
import { originOf } from './acting.js';

const area = 'Carts';
/** A cart is its shopper's own: nobody acts for others here. */
const roles = ['shopper'] as const;
const userId = { form: 'ID', unknown: 'CART_NOT_FOUND' } as const;
const original = {
  originalProductId: { form: 'ID', unknown: 'CART_ITEM_NOT_FOUND' },
  originalOptionId: { form: 'ID', unknown: 'CART_ITEM_NOT_FOUND' },
} as const;

const foreign = (id: string) => new Problem('CART_NOT_FOUND', { data: { userId: id } });

/** 201 when there is a new line, 200 otherwise. */
function change({ catalogue }: Service, ask: Ask, wanted: CartInput['change']) {
  const input: CartInput = { userId: ask.caller.sub, change: wanted, origin: originOf(ask) };
  return through<CartInput, ChangedCart>(ask, catalogue.changeCart, input, ({ cart: changed, created }) =>
    json(created ? 201 : 200, cartBody(changed), created ? ['Location', `/api/v1/carts/${changed.userId}`] : []),
  );
}

const limits = ['CART_FULL', 'CART_QUANTITY_TOO_LARGE'];
const catalogueRefusals = ['PRODUCT_NOT_FOUND', 'OPTION_NOT_FOUND'];

const writes = (service: Service): Route[] => [
  route<AddToCartDto>({
    method: 'POST',
    path: '/api/v1/carts',
    name: 'addToCart',
    area,
    summary: 'Put an option into your cart. One that is in it already adds up.',
    roles,
    keyed: true,
    body: { of: AddToCartDto, examples: [aCartItem] },
    answers: {
      201: { description: 'The cart, with a new item.', shape: cart, example: aCartAnswer },
      200: { description: 'The cart; the item was in it before.', shape: cart, example: aCartAnswer },
    },
    refusals: [...catalogueRefusals, ...limits],
    handle: ask => {
      const { productId, optionId, quantity } = ask.body;
      return change(service, ask, { type: 'Add', productId, optionId, quantity });
    },
  }),
  route<ChangeCartDto>({
    method: 'PUT',
    path: '/api/v1/carts/product/{originalProductId}/option/{originalOptionId}',
    name: 'changeCartItem',
    area,
    summary: 'Change an item of your cart to another option or quantity; what is left out stays as it was.',
    roles,
    keyed: true,
    params: original,
    body: { of: ChangeCartDto, examples: [aCartItem, { quantity: 3 }] },
    answers: { 200: { description: 'The cart.', shape: cart, example: aCartAnswer } },
    refusals: [...catalogueRefusals, 'CART_ITEM_NOT_FOUND', 'CART_QUANTITY_TOO_LARGE'],
    handle: ask => {
      const { originalProductId = '', originalOptionId = '' } = ask.params;
      const { productId, optionId, quantity } = ask.body;
      const from = { productId: originalProductId, optionId: originalOptionId };
      const to = { productId: productId ?? originalProductId, optionId: optionId ?? originalOptionId };
      return change(service, ask, { type: 'Change', from, to, quantity: quantity ?? null });
    },
  }),
  route<RemoveFromCartDto>({
    method: 'DELETE',
    path: '/api/v1/carts',
    name: 'removeFromCart',
    area,
    summary: 'Take items out of your cart; what is not in it is as gone as you want it.',
    roles,
    keyed: true,
    body: { of: RemoveFromCartDto, examples: [{ items: [{ productId: 'mug', optionId: 'blue' }] }] },
    answers: { 200: { description: 'The cart.', shape: cart, example: aCartAnswer } },
    handle: ask => change(service, ask, { type: 'Remove', items: ask.body.items }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/carts/{userId}/all',
    name: 'clearCart',
    area,
    summary: 'Take everything out of your cart.',
    roles,
    keyed: true,
    params: { userId },
    answers: {
      200: { description: 'The empty cart.', shape: cart, example: { ...aCartAnswer, items: [], totals: [] } },
    },
    refusals: ['CART_NOT_FOUND'],
    handle: async ask => {
      const { userId: id = '' } = ask.params;
      return id === ask.caller.sub ? change(service, ask, { type: 'Clear' }) : foreign(id);
    },
  }),
];

const read = ({ catalogueQueries }: Service): Route =>
  route({
    method: 'GET',
    path: '/api/v1/carts/{userId}',
    name: 'getCart',
    area,
    summary: 'Your cart, with the prices of now. An item that the catalogue no longer has is `gone`.',
    roles,
    params: { userId },
    answers: { 200: { description: 'The cart.', shape: cart, example: aCartAnswer } },
    refusals: ['CART_NOT_FOUND'],
    handle: async ({ params: { userId: id = '' }, caller }) =>
      id === caller.sub ? json(200, cartBody(await catalogueQueries.cart(id))) : foreign(id),
  });

export const cartRoutes = (service: Service): Route[] => [...writes(service), read(service)];
