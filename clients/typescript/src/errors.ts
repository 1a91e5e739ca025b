import type { ErrorCode } from './contracts.js';

/** Codes that the client itself gives, beside those of the gateway. */
export type ClientErrorCode = 'connection_closed' | 'connection_failed' | 'connection_lost' | 'connection_refused' | 'events_missing';

/** A command was refused, or the gateway cannot be reached. Decide by `code`; the message is for people. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';

  constructor(
    readonly code: ErrorCode | ClientErrorCode | (string & {}),
    message: string,
  ) {
    super(message);
  }
}

const passing = ['limit_exceeded', 'storage_unavailable', 'shutting_down'];

/** Whether the same request may succeed a moment later. */
export const passes = (code: string): boolean => passing.includes(code);
