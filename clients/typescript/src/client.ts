import { Connection, type ConnectionOptions } from './connection.js';
import type { CommandData, GatewayEvent, GatewayFrame, InboxPrompt, StartSession } from './contracts.js';
import type { GatewayError } from './errors.js';
import { Inbox, type InboxOptions, listPrompts, type PromptFilter } from './inbox.js';
import { Session, type SessionOptions } from './session.js';

/**
 * Starts, watches and steers the sessions of a gateway over one WebSocket. Make one for the page: it connects when something is asked of
 * it, and lets go when nothing is watched any more.
 */
export class GatewayClient {
  readonly #sessions = new Map<string, Session>();
  readonly #inboxes: Inbox[] = [];
  readonly #address: string | URL;
  readonly #options: ConnectionOptions;

  /** Where the connection stands; a store. */
  readonly connection: Connection;

  /** @param address Where the gateway is: `https://gateway.example`, or relative to the page. */
  constructor(address: string | URL, options: ConnectionOptions = {}) {
    this.#address = address;
    this.#options = options;
    this.connection = new Connection(
      address,
      {
        onConnected: () => this.#each(session => session.onConnected()),
        onClosed: (error: GatewayError) => this.#each(session => session.onClosed(error)),
        onFrame: frame => this.#route(frame),
      },
      options,
    );
  }

  /** A session; the same object for the same id, so that all parts of a page share one subscription. */
  session(id: string, options?: SessionOptions): Session {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const session = new Session(id, this.connection, options, (cmd, data) => this.#begin(cmd, data));
    this.#sessions.set(id, session);
    return session;
  }

  /** Starts a session. An id is made up when the command has none, so that a start whose answer was lost can be repeated. */
  start(command: StartSession): Promise<Session> {
    return this.#begin('start_session', command);
  }

  /** What waits for a person over all sessions, live; over a connection of its own, as long as somebody subscribes. */
  inbox(options?: InboxOptions): Inbox {
    const inbox = new Inbox(this.#address, this.#options, options);
    this.#inboxes.push(inbox);
    return inbox;
  }

  /** Lists what waits for a person over all sessions, what waits longest first; asks over HTTP, a page at a time. */
  prompts(filter: PromptFilter = {}): AsyncGenerator<InboxPrompt, void> {
    return listPrompts(this.#address, filter);
  }

  /** Forgets a session that nobody watches, and with it what is known of it. */
  forget(id: string): void {
    this.#sessions.delete(id);
  }

  /** Closes the connection; what waits on it fails. */
  close(): void {
    this.connection.close();
    for (const inbox of this.#inboxes) inbox.close();
  }

  async #begin<C extends 'start_session' | 'fork_session' | 'retry_session'>(cmd: C, data: CommandData[C]): Promise<Session> {
    const id = data.session_id ?? `s-${crypto.randomUUID().replaceAll('-', '')}`;
    await this.connection.send(cmd, { ...data, session_id: id }, true);
    return this.session(id);
  }

  #each(tell: (session: Session) => void): void {
    for (const session of [...this.#sessions.values()]) tell(session);
  }

  #route(frame: GatewayFrame): void {
    const session = this.#sessions.get(frame.data?.session_id ?? '');
    if (session === undefined) return;
    if (frame.event === 'snapshot') session.onSnapshot(frame.data);
    else if ('seq' in frame) session.onFrame(frame as GatewayEvent);
    else if (frame.event === 'error') session.onRefused(frame.data.code ?? 'internal_error', frame.data.error ?? 'The subscription has ended.');
  }
}
