import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { byPath } from './by-path.js';
import { callOf } from './call.js';
import { malformed, Problem } from './problem.js';
import type { Route } from './route.js';
import { failureOf, type Gate, type Params, refuse, serve } from './serve.js';

const expressPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');
const methods = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;

const allowed = (routes: readonly Route[]) =>
  routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');

/** The router over the table: what is not in it is 404, another method 405. */
export function expressApp(routes: readonly Route[], gate: Gate): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  for (const [path, group] of byPath(routes)) {
    const here = app.route(expressPath(path));
    for (const route of group) {
      const handler: RequestHandler = request => serve(gate, route, callOf(request), request.params as Params);
      here[methods[route.method]](handler);
    }
    const headers = ['Allow', allowed(group)];
    here.all(request => {
      const call = callOf(request);
      call.route = path;
      return refuse(gate, call, new Problem('METHOD_NOT_ALLOWED', { headers }));
    });
  }
  app.use(request => refuse(gate, callOf(request), new Problem('ROUTE_NOT_FOUND')));
  const onError: ErrorRequestHandler = (error, request, _response, _next) => {
    const call = callOf(request);
    // The router throws for a path that is not percent-encoded UTF-8.
    const isPath = error instanceof URIError || (error as { status?: number }).status === 400;
    const problem = isPath
      ? malformed({ field: 'path', value: call.path, message: 'must be percent-encoded UTF-8' })
      : failureOf(call, error);
    gate.responder.send(call, problem);
  };
  app.use(onError);
  return app;
}
