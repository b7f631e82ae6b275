import type { CountStockInput, ProductInput, PutProduct, StockView } from '@org/application';
import { aProduct, aProductAnswer, aStockAnswer } from '../document/examples/catalogue-examples.js';
import { AdjustStockDto, ProductDto, productDraftOf, StockDto } from '../dto/catalogue-dto.js';
import { etagOf } from '../etags.js';
import { through } from '../idempotency.js';
import { expectedRevision } from '../if-match.js';
import { Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { product, productBody, stock, stockBody } from '../views/catalogue-views.js';
import { originOf } from './acting.js';
import { editors } from './policies.js';

const area = 'Products and stock';
const base = '/api/v1/products/{productId}';
const productId = { form: 'ID', unknown: 'PRODUCT_NOT_FOUND' } as const;
const ofOption = { productId, optionId: { form: 'ID', unknown: 'OPTION_NOT_FOUND' } } as const;
const stockPath = `${base}/options/{optionId}/stock`;

const products = ({ catalogue, catalogueQueries }: Service): Route[] => [
  route<ProductDto>({
    method: 'PUT',
    path: base,
    name: 'putProduct',
    area,
    summary: 'List a product under an id of your own, or change it. The same again changes nothing.',
    roles: editors,
    keyed: true,
    conditional: true,
    params: { productId: { form: 'ID', unknown: null } },
    body: { of: ProductDto, examples: [aProduct] },
    answers: {
      200: { description: 'It was there before.', shape: product, example: aProductAnswer },
      201: { description: 'Listed for the first time.', shape: product, example: aProductAnswer },
    },
    refusals: ['PRODUCT_INVALID', 'REVISION_CONFLICT'],
    handle: async ask => {
      const revision = expectedRevision(ask);
      if (revision instanceof Problem) return revision;
      const { productId: id = '' } = ask.params;
      const draft = productDraftOf(ask.body);
      const input: ProductInput = { productId: id, draft, expectedRevision: revision, origin: originOf(ask) };
      return through<ProductInput, PutProduct>(ask, catalogue.putProduct, input, ({ product: put, created }) => {
        const location = created ? ['Location', `/api/v1/products/${id}`] : [];
        return json(created ? 201 : 200, productBody(put), ['ETag', etagOf(put), ...location]);
      });
    },
  }),
  route({
    method: 'GET',
    path: base,
    name: 'getProduct',
    area,
    summary: 'Read a product.',
    roles: ['shopper', 'operator', 'admin', 'service'],
    params: { productId },
    answers: {
      200: { description: 'The product, with its revision as ETag.', shape: product, example: aProductAnswer },
    },
    refusals: ['PRODUCT_NOT_FOUND'],
    handle: async ({ params: { productId: id = '' } }) => {
      const view = await catalogueQueries.product(id);
      if (!view) return new Problem('PRODUCT_NOT_FOUND', { data: { productId: id } });
      return json(200, productBody(view), ['ETag', etagOf(view)]);
    },
  }),
];

const counted = (view: StockView) => json(200, stockBody(view), ['ETag', etagOf(view)]);
const optionIn = ({ params: { productId: id = '', optionId = '' } }: Pick<Ask, 'params'>) => ({
  productId: id,
  optionId,
});

const units = ({ catalogue, catalogueQueries }: Service): Route[] => [
  route({
    method: 'GET',
    path: stockPath,
    name: 'getStock',
    area,
    summary: 'How many units of an option are free, held for orders, and sold. `free` null = any number.',
    roles: ['operator', 'admin', 'service'],
    params: ofOption,
    answers: { 200: { description: 'Units, with their revision as ETag.', shape: stock, example: aStockAnswer } },
    refusals: ['PRODUCT_NOT_FOUND', 'OPTION_NOT_FOUND'],
    handle: async ask => {
      const option = optionIn(ask);
      const view = await catalogueQueries.stock(option.productId, option.optionId);
      if (view) return counted(view);
      const known = await catalogueQueries.product(option.productId);
      return known
        ? new Problem('OPTION_NOT_FOUND', { data: option })
        : new Problem('PRODUCT_NOT_FOUND', { data: { productId: option.productId } });
    },
  }),
  route<StockDto>({
    method: 'PUT',
    path: stockPath,
    name: 'setStock',
    area,
    summary: 'Set what is free from now on; what is held or sold stays as it is.',
    roles: editors,
    keyed: true,
    conditional: true,
    params: ofOption,
    body: { of: StockDto, examples: [{ quantity: 100 }] },
    answers: { 200: { description: 'Units.', shape: stock, example: aStockAnswer } },
    refusals: ['PRODUCT_NOT_FOUND', 'OPTION_NOT_FOUND', 'REVISION_CONFLICT'],
    handle: async ask => {
      const revision = expectedRevision(ask);
      if (revision instanceof Problem) return revision;
      const { quantity } = ask.body;
      const change = { change: 'SetFree', quantity, expectedRevision: revision } as const;
      const input: CountStockInput = { ...optionIn(ask), ...change, origin: originOf(ask) };
      return through<CountStockInput, StockView>(ask, catalogue.countStock, input, counted);
    },
  }),
  route<AdjustStockDto>({
    method: 'POST',
    path: `${stockPath}/adjust`,
    name: 'adjustStock',
    area,
    summary: 'Add units to what is free, or take some: never more than there are.',
    roles: editors,
    keyed: true,
    params: ofOption,
    body: { of: AdjustStockDto, examples: [{ delta: 5 }, { delta: -1 }] },
    answers: { 200: { description: 'Units.', shape: stock, example: aStockAnswer } },
    refusals: ['PRODUCT_NOT_FOUND', 'OPTION_NOT_FOUND', 'OUT_OF_STOCK', 'STOCK_UNLIMITED', 'STOCK_TOO_LARGE'],
    handle: ask => {
      const { delta } = ask.body;
      const input: CountStockInput = { ...optionIn(ask), change: 'Adjust', delta, origin: originOf(ask) };
      return through<CountStockInput, StockView>(ask, catalogue.countStock, input, counted);
    },
  }),
];

export const productRoutes = (service: Service): Route[] => [...products(service), ...units(service)];
