export * from './client.js';
export * from './connection.js';
export * from './contracts.js';
export * from './errors.js';
export * from './run.js';
export * from './messages.js';
export * from './session.js';
export * from './store.js';
