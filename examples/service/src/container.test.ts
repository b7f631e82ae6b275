import { createAccounts, createPoints, createPromotions } from '@org/application';
import { inMemoryAdapters, ToyPersonalData } from '@org/application/memory';
import pino from 'pino';
import { readConfig } from './config/config.js';
import { createContainer, parts, tokens } from './container.js';
import { databaseOf } from './service.js';

describe('the container', () => {
  const config = readConfig({});
  const logger = pino({ level: 'silent' });
  const container = createContainer({
    config,
    personalData: new ToyPersonalData(),
    tokenKey: { algorithm: 'HS256', secret: 's'.repeat(32) },
    // Never connected: building the parts asks the database nothing.
    database: databaseOf(config, 'postgres://nobody@127.0.0.1:1/none', logger),
    redis: null,
    logger,
    isStopping: () => false,
  });

  it('has an adapter for every port', () => {
    for (const token of Object.values(tokens)) expect(container.get(token)).toEqual(expect.any(Object));
    expect(Object.keys(tokens).sort()).toEqual(Object.keys(inMemoryAdapters()).sort());
  });

  it('builds the use cases, the jobs and the server, each once', () => {
    for (const part of Object.values(parts)) expect(container.get(part)).toBe(container.get(part));
    expect(Object.keys(container.get<object>(parts.promotions)).sort()).toEqual(
      Object.keys(createPromotions(inMemoryAdapters())).sort(),
    );
    expect(Object.keys(container.get<object>(parts.accounts)).sort()).toEqual(
      Object.keys(createAccounts(inMemoryAdapters())).sort(),
    );
    expect(Object.keys(container.get<object>(parts.points)).sort()).toEqual(
      Object.keys(createPoints(inMemoryAdapters())).sort(),
    );
  });
});
