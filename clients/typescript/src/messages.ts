import { nothing, sum } from './amount.js';
import type { GatewayEvent, NodeSnapshot, NodeStateChange, Prompt, PromptAnswer, SessionSnapshot, TokenStream, ToolCall, Totals } from './contracts.js';

/** One message of a session: an agent's answer as far as it has come, a user's words, or a question to a user. */
export interface SessionMessage {
  /** Its place in the list; it never changes. */
  readonly index: number;
  readonly kind: 'agent' | 'user' | 'prompt';

  /** The node that speaks or asks, or that a user answers; absent: said to the whole session. */
  readonly nodeId?: string;

  /** The agent that speaks. */
  readonly agentId?: string;

  /** The parallel node that started the speaker. */
  readonly parallelNodeId?: string;

  /** Which round of a loop it belongs to, and which try it is; both from 1. A higher try has voided the text of the earlier. */
  readonly iteration: number;
  readonly attempt: number;

  /** Of a node that stands for an item of a map: which item, from 0. */
  readonly item?: number;

  /** What has been said so far, and what the model has reasoned. */
  readonly text: string;
  readonly thinking: string;

  /** The calls of tools that its speaker has made in this round of a loop, all tries together, as far as they have come. */
  readonly tools: readonly ToolCall[];

  /** Whether more of it may come, or, for a question, whether it waits for its answer. */
  readonly isOpen: boolean;

  /** A user's words that wait for a paused session to resume. */
  readonly isHeld: boolean;
  readonly prompt?: Prompt;

  /** Of a user's answer to a prompt: what was chosen, and by whom. */
  readonly answer?: PromptAnswer;

  /** What its model calls consumed, all tries together. */
  readonly usage?: Totals;

  /** Why it broke off. */
  readonly error?: string;
}

/** Branches that a parallel node started side by side. */
export interface ParallelGroup {
  readonly nodeId: string;
  readonly branches: readonly string[];
}

/** Where a node stands: its round, its try, and the places of its latest message and question. */
interface Speaker {
  readonly iteration: number;
  readonly attempt: number;
  readonly item?: number;
  readonly message?: number;
  readonly question?: number;
}

/** A session as people read it: its messages in the order in which they began. */
export interface SessionMessages {
  /** The last event that is in; 0 before the first. */
  readonly lastSeq: number;
  readonly messages: readonly SessionMessage[];

  /** The parallel nodes that have started branches, in order. */
  readonly groups: readonly ParallelGroup[];

  /** What the reducer itself has to remember: where each node stands, and the place of the session's own latest question. */
  readonly speakers: ReadonlyMap<string, Speaker>;
  readonly asked?: number;
}

export const emptyMessages: SessionMessages = { lastSeq: 0, messages: [], groups: [], speakers: new Map() };

const user = 'user';
const silent: Speaker = { iteration: 1, attempt: 1 };

/** Applies the next event. One that is in already, or that this version does not know, changes nothing that is shown. */
export const applyToMessages = (state: SessionMessages, event: GatewayEvent): SessionMessages => {
  if (event.seq <= state.lastSeq) return state;
  const next: SessionMessages = { ...state, lastSeq: event.seq };
  switch (event.event) {
    case 'token_stream':
      return speak(next, event.data);
    case 'node_state_change':
      return change(next, event.data);
    case 'node:parallel_start':
      return { ...next, groups: [...next.groups, { nodeId: event.data.node_id, branches: event.data.branches }] };
    case 'token_usage':
      return onMessage(next, event.data.node_id, message => ({ ...message, usage: sum(message.usage ?? nothing, event.data) }));
    case 'execution:paused': {
      const { prompt, held_input: held } = event.data;
      const open = prompt === undefined ? next : askOfSession(next, prompt);
      return held === undefined ? open : tell(open, held.content, held.node_id, true, held.answer);
    }
    case 'error':
      return event.data.node_id === undefined || event.data.code === 'budget_warning' ? next : onMessage(next, event.data.node_id, message => ({ ...message, error: event.data.error }));
    case 'execution:completed':
      return [...next.speakers.values()].reduce((open, speaker) => close(close(open, speaker.message), speaker.question), close(next, next.asked));
    default:
      return next;
  }
};

/**
 * The messages as a snapshot tells them; go on with the event after its seq. A snapshot holds what each node said and not when, so the
 * messages come in the order of the workflow, and what users said comes last.
 */
export const messagesOf = (snapshot: SessionSnapshot): SessionMessages => {
  let state = emptyMessages;
  for (const [id, node] of Object.entries(snapshot.nodes)) state = restore(state, id, node);
  if (snapshot.prompt !== undefined) state = askOfSession(state, snapshot.prompt);
  for (const words of snapshot.user_messages) state = tell(state, words, undefined, false);
  for (const held of snapshot.held_inputs) state = tell(state, held.content, held.node_id, true, held.answer);
  return { ...state, lastSeq: snapshot.last_seq };
};

// The text beside a call is a note for those who do not know calls.
const speak = (state: SessionMessages, data: TokenStream): SessionMessages => {
  const heard = data.agent_id === user ? hear(state, data) : state;
  if (data.tool !== undefined) return call(heard, data, data.tool);
  return data.agent_id === user ? heard : say(heard, data);
};

const call = (state: SessionMessages, data: TokenStream, told: ToolCall): SessionMessages =>
  onSpeaker(state, data.node_id, message => ({
    ...message,
    ...(data.agent_id === user ? {} : { agentId: data.agent_id }),
    tools: message.tools.some(known => known.call_id === told.call_id)
      ? message.tools.map(known => (known.call_id === told.call_id ? join(known, told) : known))
      : [...message.tools, told],
  }));

// An event tells what is new of a call.
const join = (before: ToolCall, told: ToolCall): ToolCall => {
  const { arguments: given, arguments_length: givenLength, result, result_length: resultLength, ...rest } = before;
  const [put, putLength] = told.arguments === undefined ? [given, givenLength] : [told.arguments, told.arguments_length];
  const [came, cameLength] = told.result === undefined ? [result, resultLength] : [told.result, told.result_length];
  return {
    ...rest,
    status: told.status,
    ...(put === undefined ? {} : { arguments: put }),
    ...(putLength === undefined ? {} : { arguments_length: putLength }),
    ...(came === undefined ? {} : { result: came }),
    ...(cameLength === undefined ? {} : { result_length: cameLength }),
  };
};

const onSpeaker = (state: SessionMessages, nodeId: string | undefined, change: (message: SessionMessage) => SessionMessage): SessionMessages => {
  const id = nodeId ?? '';
  const speaker = state.speakers.get(id) ?? silent;
  const open = speaker.message === undefined ? begin(state, id, 'agent', nodeId) : state;
  return onMessage(open, id, message => change({ ...message, attempt: speaker.attempt }));
};

const say = (state: SessionMessages, data: TokenStream): SessionMessages =>
  onSpeaker(state, data.node_id, message => ({
    ...message,
    agentId: data.agent_id,
    isOpen: true,
    ...(data.is_thinking ? { thinking: message.thinking + data.chunk } : { text: message.text + data.chunk }),
  }));

// The first words that appear after a pause are the first that were held.
const hear = (state: SessionMessages, data: TokenStream): SessionMessages => {
  const held = state.messages.find(message => message.isHeld && message.nodeId === data.node_id);
  return held === undefined ? tell(state, data.chunk, data.node_id, false, data.answer) : replace(state, held.index, message => ({ ...message, isHeld: false }));
};

const change = (state: SessionMessages, data: NodeStateChange): SessionMessages => {
  const id = data.node_id;
  const [iteration, attempt] = [data.iteration ?? 1, data.attempt ?? 1];
  let speaker = state.speakers.get(id) ?? silent;
  let next = state;
  if (iteration > speaker.iteration) {
    next = close(next, speaker.message);
    const { message: _, ...rest } = speaker;
    speaker = { ...rest, iteration, attempt };
  } else if (iteration === speaker.iteration && attempt > speaker.attempt) {
    speaker = { ...speaker, attempt };
    next = replace(next, speaker.message, message => {
      const { error: _, ...rest } = message;
      return { ...rest, attempt, text: '', thinking: '' };
    });
  }

  if (data.item !== undefined) speaker = { ...speaker, item: data.item };
  next = withSpeaker(next, id, speaker);
  next = close(next, data.status === 'running' ? next.asked : speaker.message);
  if (data.status !== 'suspended') return close(next, speaker.question);
  return data.prompt === undefined ? next : ask(next, id, speaker, data.prompt);
};

const ask = (state: SessionMessages, id: string, speaker: Speaker, prompt: Prompt): SessionMessages => {
  const asked = speaker.question === undefined ? undefined : state.messages[speaker.question];
  // It is shown once more after a pause, or as a reminder.
  if (asked?.isOpen && asked.prompt?.prompt_id === prompt.prompt_id) return replace(state, speaker.question, message => ({ ...message, prompt }));
  const closed = close(state, speaker.question);
  const open = begin(closed, id, 'prompt', id);
  return replace(open, open.messages.length - 1, message => ({ ...message, text: prompt.text, isOpen: true, prompt }));
};

// The session itself asks one thing at a time, and goes on when that is answered.
const askOfSession = (state: SessionMessages, prompt: Prompt): SessionMessages => {
  const open = add(close(state, state.asked), 'prompt', undefined, 1);
  const place = open.messages.length - 1;
  return { ...replace(open, place, message => ({ ...message, text: prompt.text, isOpen: true, prompt })), asked: place };
};

const restore = (state: SessionMessages, id: string, node: NodeSnapshot): SessionMessages => {
  let next = withSpeaker(state, id, { iteration: node.iteration ?? 1, attempt: node.attempt ?? 1, ...(node.item === undefined ? {} : { item: node.item }) });
  const thinking = node.thinking ?? '';
  const tools = node.tools ?? [];
  if (node.text.length > 0 || thinking.length > 0 || tools.length > 0) {
    next = onMessage(begin(next, id, 'agent', id), id, message => ({
      ...message,
      attempt: node.attempt ?? 1,
      text: node.text,
      thinking,
      tools,
      isOpen: node.status === 'running',
      ...(node.error === undefined ? {} : { error: node.error }),
    }));
  }

  return node.prompt === undefined ? next : ask(next, id, next.speakers.get(id) ?? silent, node.prompt);
};

const tell = (state: SessionMessages, words: string, nodeId: string | undefined, isHeld: boolean, answer?: PromptAnswer): SessionMessages => {
  const said = add(state, 'user', nodeId, 1);
  return replace(said, said.messages.length - 1, message => ({ ...message, agentId: user, text: words, isHeld, ...(answer === undefined ? {} : { answer }) }));
};

// A message that its speaker remembers as the latest.
const begin = (state: SessionMessages, speakerId: string, kind: 'agent' | 'prompt', nodeId: string | undefined): SessionMessages => {
  const speaker = state.speakers.get(speakerId) ?? silent;
  const place = state.messages.length;
  return withSpeaker(add(state, kind, nodeId, speaker.iteration), speakerId, { ...speaker, ...(kind === 'agent' ? { message: place } : { question: place }) });
};

const add = (state: SessionMessages, kind: SessionMessage['kind'], nodeId: string | undefined, iteration: number): SessionMessages => {
  const parallel = nodeId === undefined ? undefined : state.groups.findLast(group => group.branches.includes(nodeId))?.nodeId;
  const item = nodeId === undefined ? undefined : state.speakers.get(nodeId)?.item;
  const message: SessionMessage = {
    index: state.messages.length,
    kind,
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(parallel === undefined ? {} : { parallelNodeId: parallel }),
    iteration,
    attempt: 1,
    ...(item === undefined ? {} : { item }),
    text: '',
    thinking: '',
    tools: [],
    isOpen: false,
    isHeld: false,
  };
  return { ...state, messages: [...state.messages, message] };
};

const onMessage = (state: SessionMessages, speakerId: string, change: (message: SessionMessage) => SessionMessage): SessionMessages =>
  replace(state, state.speakers.get(speakerId)?.message, change);

const close = (state: SessionMessages, place: number | undefined): SessionMessages =>
  place !== undefined && state.messages[place]?.isOpen ? replace(state, place, message => ({ ...message, isOpen: false })) : state;

const replace = (state: SessionMessages, place: number | undefined, change: (message: SessionMessage) => SessionMessage): SessionMessages => {
  const message = place === undefined ? undefined : state.messages[place];
  if (message === undefined) return state;
  const messages = [...state.messages];
  messages[message.index] = change(message);
  return { ...state, messages };
};

const withSpeaker = (state: SessionMessages, id: string, speaker: Speaker): SessionMessages =>
  state.speakers.get(id) === speaker ? state : { ...state, speakers: new Map(state.speakers).set(id, speaker) };
