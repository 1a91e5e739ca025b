import { Connection, type ConnectionOptions, socketAddress } from './connection.js';
import type { GatewayFrame, InboxFrame, InboxPrompt, PromptPage } from './contracts.js';
import { GatewayError } from './errors.js';
import { Signal, type Store } from './store.js';

/** Which prompts of the inbox are watched, and from where on. */
export interface InboxOptions {
  /** Only what this person may answer: what is for them, and what is for anybody. */
  readonly assignee?: string;

  /** Only what sessions of this workflow ask. */
  readonly workflowId?: string;

  /** The position of the last change that is known; else all that waits comes first. */
  readonly after?: string;
}

/** Which prompts are listed. */
export interface PromptFilter extends Omit<InboxOptions, 'after'> {
  /** Only what has waited at least so long, such as `30m`. */
  readonly olderThan?: string;

  /** How many are asked for at a time, 1 to 500. */
  readonly pageSize?: number;
}

/** An answer: words, the id of the prompt's action, JSON that fits its schema. */
export interface InboxAnswer {
  readonly content?: string;
  readonly action?: string;
  readonly data?: unknown;
}

/** What waits for a person, over all sessions. */
export interface InboxView {
  /** What waits longest comes first. */
  readonly prompts: readonly InboxPrompt[];

  /** Behind which change the view is; keep it to go on from there. */
  readonly position?: string;

  /** Why no more comes, if that is so. */
  readonly error?: GatewayError;
}

export const emptyInbox: InboxView = { prompts: [] };

/** What waits after a change. */
export const applyToInbox = (view: InboxView, { event, position, data }: InboxFrame): InboxView => {
  if (event === 'inbox:reset') return { prompts: [], position };
  if (data === undefined || (event !== 'prompt:opened' && event !== 'prompt:closed')) return { prompts: view.prompts, position };
  const prompts = view.prompts.filter(known => known.session_id !== data.session_id || known.prompt_id !== data.prompt_id);
  if (event === 'prompt:opened') {
    // Most come in the order in which they wait.
    let at = prompts.length;
    while (at > 0 && prompts[at - 1]!.since > data.since) at--;
    prompts.splice(at, 0, data);
  }

  return { prompts, position };
};

/**
 * What waits for a person over all sessions, live, over a connection of its own. It is watched as long as somebody subscribes; a lost
 * connection goes on behind the last change, and whoever subscribes again later does, too.
 */
export class Inbox implements Store<InboxView> {
  readonly #view: Signal<InboxView>;
  readonly #listeners = new Set<(frame: InboxFrame) => void>();
  #refusal: GatewayError | undefined;

  /** Where its connection stands; a store. */
  readonly connection: Connection;

  constructor(address: string | URL, options: ConnectionOptions = {}, { assignee, workflowId, after }: InboxOptions = {}) {
    this.#view = new Signal<InboxView>(after === undefined ? emptyInbox : { prompts: [], position: after });
    this.connection = new Connection(
      address,
      {
        onConnected: () => this.#tell(undefined),
        onClosed: error => this.#tell(this.#refusal ?? error),
        onFrame: frame => this.#hear(frame),
      },
      options,
      () => {
        const { position } = this.getSnapshot();
        return {
          inbox: 'true',
          ...(assignee === undefined ? {} : { assignee }),
          ...(workflowId === undefined ? {} : { workflow_id: workflowId }),
          ...(position === undefined ? {} : { after: position }),
        };
      },
    );
  }

  readonly getSnapshot = (): InboxView => this.#view.getSnapshot();

  /** Is told of each change of the view; watches the inbox until all that have subscribed have left. */
  readonly subscribe = (listener: () => void): (() => void) => this.#watch(this.#view.subscribe(listener));

  /** Gets each change once it is in the view; watches the inbox meanwhile. */
  onChange(listener: (frame: InboxFrame) => void): () => void {
    const told = (frame: InboxFrame): void => listener(frame);
    this.#listeners.add(told);
    return this.#watch(() => this.#listeners.delete(told));
  }

  /** Answers a prompt, with words or with more; the first answer wins. Comes back with the seq at which it took effect. */
  async answer({ session_id, prompt_id }: InboxPrompt, answer: string | InboxAnswer): Promise<number> {
    const said = typeof answer === 'string' ? { content: answer } : answer;
    return (await this.connection.send('user_input', { session_id, prompt_id, ...said })).seq ?? 0;
  }

  /** Closes the connection; what waits on it fails. */
  close(): void {
    this.connection.close();
  }

  #watch(end: () => void): () => void {
    const release = this.connection.retain();
    return () => {
      end();
      release();
    };
  }

  #hear(frame: GatewayFrame): void {
    // The reason why the gateway closes the connection comes before the close.
    if (frame.event === 'error' && !('seq' in frame)) this.#refusal = new GatewayError(frame.data.code ?? 'internal_error', frame.data.error ?? 'The gateway refused without a reason.');
    if (!('position' in frame)) return;
    this.#view.set(applyToInbox(this.getSnapshot(), frame));
    for (const listener of [...this.#listeners]) listener(frame);
  }

  #tell(error: GatewayError | undefined): void {
    this.#refusal = undefined;
    const { error: before, ...view } = this.getSnapshot();
    if (before !== error) this.#view.set(error === undefined ? view : { ...view, error });
  }
}

/** @internal What waits, as the gateway lists it over HTTP. */
export async function* listPrompts(address: string | URL, { assignee, workflowId, olderThan, pageSize }: PromptFilter): AsyncGenerator<InboxPrompt, void> {
  const url = socketAddress(address);
  url.protocol = url.protocol.replace('ws', 'http');
  url.pathname = url.pathname.replace(/\/ws$/, '/api/v1/prompts');
  url.search = '';
  for (const [name, value] of Object.entries({ assignee, workflow_id: workflowId, older_than: olderThan, limit: pageSize })) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }

  for (;;) {
    const response = await fetch(url);
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new GatewayError(answer.code ?? 'connection_failed', answer.detail ?? `The gateway answers ${response.status}.`);
    const { prompts, next_cursor: next } = answer as PromptPage;
    yield* prompts;
    if (next === undefined) return;
    url.searchParams.set('cursor', next);
  }
}
