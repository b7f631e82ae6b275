export { answerCodes, type CodeMeaning } from './inbound/answer-codes.js';
export type { Role } from './inbound/auth/auth.js';
export type { HttpConfig, TokenKey } from './inbound/config.js';
export { createLogger, type HttpLogger } from './inbound/logging.js';
export { createHttpServer, type HttpServer, type HttpServerOptions } from './inbound/server.js';
export type { Job, Readiness } from './inbound/service.js';
