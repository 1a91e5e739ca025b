// Written from the C# contracts by Gateway.Tests; a test fails when it is out of date. Do not edit.

/** Why a new attempt of a node was begun, where its workflow asks for one. */
export type AttemptCause =
  | 'retry'
  | 'fallback';

/** Stable codes of everything the gateway refuses or reports as failed; the same on every wire. */
export type ErrorCode =
  | 'invalid_frame'
  | 'missing_command'
  | 'unknown_command'
  | 'invalid_data'
  | 'invalid_session_id'
  | 'no_session'
  | 'unknown_session'
  | 'session_exists'
  | 'session_finished'
  | 'session_running'
  | 'session_not_failed'
  | 'unknown_workflow'
  | 'invalid_workflow'
  | 'model_not_configured'
  | 'prompt_answered'
  | 'prompt_expired'
  | 'not_assigned'
  | 'unknown_prompt'
  | 'seq_out_of_range'
  | 'budget_warning'
  | 'budget_exceeded'
  | 'model_error'
  | 'model_timeout'
  | 'node_timeout'
  | 'template_failed'
  | 'quorum_not_reached'
  | 'nothing_came_back'
  | 'workflow_failed'
  | 'output_invalid'
  | 'tool_failed'
  | 'tool_timeout'
  | 'tool_unavailable'
  | 'tool_rejected'
  | 'message_too_large'
  | 'not_found'
  | 'method_not_allowed'
  | 'unsupported_media_type'
  | 'origin_not_allowed'
  | 'limit_exceeded'
  | 'too_many_subscriptions'
  | 'storage_unavailable'
  | 'log_damaged'
  | 'shutting_down'
  | 'internal_error';

/** The names in the `event` member of an `InboxFrame`. */
export type InboxEvents =
  | 'inbox:reset'
  | 'prompt:opened'
  | 'prompt:closed';

/** The statuses a node can be in. */
export type NodeStatus =
  | 'pending'
  | 'running'
  | 'completed'
  | 'failed'
  | 'skipped'
  | 'suspended'
  | 'cancelled';

/** What a running node can wait for. */
export type NodeWaitReason =
  | 'retry'
  | 'model';

/** Why a session stands still. */
export type PauseReason =
  | 'user_requested'
  | 'awaiting_input'
  | 'budget_exceeded'
  | 'forked'
  | 'shutting_down'
  | 'interrupted'
  | 'storage_unavailable';

/** Why a prompt waits no more. */
export type PromptOutcome =
  | 'answered'
  | 'expired'
  | 'withdrawn';

/** The statuses a session can be in. */
export type SessionStatus =
  | 'running'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'cancelled';

/** How a prompt was answered, beside the words. */
export interface PromptAnswer {
  /** The id of the action that was chosen. */
  action?: string;
  /** What was answered as JSON; it fits the prompt's schema. */
  data?: unknown;
  /** Which prompt is answered, where the session itself has asked; absent where a node has. */
  prompt_id?: string;
  /** The name of who answered; absent where the gateway does not know it. */
  by?: string;
}

/** A call of a tool, or what an event tells of it; the member `tool` of `token_stream`. */
export interface ToolCall {
  /** Names the call; unique within the session, and the same in every attempt of its node. */
  call_id: string;
  /** The tool. */
  name: string;
  /** One of `ToolCallStatus`. */
  status: string;
  /** Which round of calls of its node it belongs to, when above 1; the calls of one round run side by side. */
  round?: number;
  /** Why a person must approve it, one of `ToolApproval`; absent when nobody must. */
  approval?: string;
  /** What the tool is given, a JSON object; a string where the model wrote something else, and where it is cut. */
  arguments?: unknown;
  /** The length of the arguments, in characters, when they are cut. */
  arguments_length?: number;
  /** What the tool answered, or why it did not. */
  result?: string;
  /** The length of the result, in characters, when it is cut. */
  result_length?: number;
}

/** A piece of text as a model or a user produced it. */
export interface TokenStream {
  /** The session the event belongs to. */
  session_id: string;
  /** The node that speaks; absent when a user speaks to the whole session. */
  node_id?: string;
  /** The agent that speaks, or `user`. */
  agent_id: string;
  /** The text, to be appended to what the node has said so far. */
  chunk: string;
  /** True for a model's reasoning, which is not part of its answer. */
  is_thinking: boolean;
  /** Which round of a loop this is, when above 1; as in the node's last change of status. */
  iteration?: number;
  /** Of a node that stands for an item of a map: which item, from 0. */
  item?: number;
  /** Of words that answer a prompt: what was chosen, and by whom; absent where that is nothing. */
  answer?: PromptAnswer;
  /** The call of a tool that the event tells of; the text is then a note about it, and no part of what the node says. */
  tool?: ToolCall;
}

/** Why a running node is not at work yet. */
export interface NodeWait {
  /** What it waits for, one of `NodeWaitReason`. */
  reason: NodeWaitReason;
  /** Until when, UTC, where that is known; after a pause of the session it is told again with the time that was left. */
  until?: string;
  /** The model that has no place free. */
  model?: string;
}

/** Something that can be chosen as the answer to a prompt. */
export interface PromptAction {
  /** Names it in `user_input`. */
  id: string;
  /** What a button says; absent: the id. */
  label?: string;
  /** True when the answer also needs data, where the prompt has a schema, or words; absent otherwise. */
  needs_input?: boolean;
}

/** A question a suspended node asks; the first valid answer wins. */
export interface Prompt {
  /** Names the prompt in `user_input`; unique within the session. */
  prompt_id: string;
  /** The question to show. */
  text: string;
  /** What kind of decision is asked for, one of `PromptKind`; absent: a review of a workflow. */
  kind?: string;
  /** What can be chosen; absent: the answer is free. */
  actions?: PromptAction[];
  /** A JSON Schema that the `data` of an answer fits. */
  schema?: unknown;
  /** What is decided about, as JSON, such as the arguments of a tool call; an answer that edits has such data. */
  data?: unknown;
  /** Who is to answer, by name; absent: anybody. */
  assignees?: string[];
  /** When the people who are to answer are reminded, UTC; absent: never. */
  remind_at?: string;
  /** When it is too late for an answer, UTC; absent: never. */
  expires_at?: string;
  /** What follows when nobody has answered by then: `fail`, `approve`, `reject` or `skip`. */
  on_expiry?: string;
  /** True when the prompt is shown once more as a reminder; absent otherwise. */
  reminder?: boolean;
  /** The call of a tool that waits for approval; null where the question is another. */
  tool?: ToolCall;
}

/** A node changed its status. */
export interface NodeStateChange {
  /** The session the event belongs to. */
  session_id: string;
  /** The node that changed. */
  node_id: string;
  /** One of `NodeStatus`. */
  status: NodeStatus;
  /** Which try this is, when above 1; a higher one voids the text of the earlier. */
  attempt?: number;
  /** Which round of a loop this is, when above 1; within a loop in a loop it goes on counting. */
  iteration?: number;
  /** Of a node that stands for an item of a map: which item, from 0. */
  item?: number;
  /** What the body of a node is given when it begins: the list that a map goes over, the input of a child workflow. */
  given?: unknown;
  /** Of a loop that runs: which round of its body begins, or is under way. */
  round?: number;
  /** What the node found, as JSON: a vote's count, a loop's exit. */
  result?: unknown;
  /** Where a completed node leads, when that is not everywhere; the other ways are not taken. */
  next?: string[];
  /** Why this attempt is begun, one of `AttemptCause`; absent when it goes on after an interruption, or the answer of its model did not fit. */
  cause?: AttemptCause;
  /** The model of this attempt, where it is one of the node's fallbacks. */
  model?: string;
  /** What a running node waits for before it is at work; a change without it tells that it waits no more. */
  wait?: NodeWait;
  /** What a suspended node asks of a user. */
  prompt?: Prompt;
}

/** A parallel node is about to start its branches side by side. */
export interface ParallelStart {
  /** The session the event belongs to. */
  session_id: string;
  /** The parallel node. */
  node_id: string;
  /** The nodes that start now. */
  branches: string[];
  /** Which round of a loop this is, when above 1; as in the node's last change of status. */
  iteration?: number;
  /** Of a node that stands for an item of a map: which item, from 0. */
  item?: number;
}

/** What one model call of a node consumed. */
export interface TokenUsage {
  /** The session the event belongs to. */
  session_id: string;
  /** The node that the model worked for. */
  node_id: string;
  /** The agent that called the model. */
  agent_id: string;
  /** The model, where it is one of the node's fallbacks. */
  model?: string;
  /** Tokens read by the model. */
  input_tokens: number;
  /** Tokens written by the model, its reasoning included. */
  output_tokens: number;
  /** How many of the tokens read came from a provider's cache; absent when none did, or that is not known. */
  cached_input_tokens?: number;
  /** How many of the tokens written are reasoning; absent when none is, or that is not known. */
  reasoning_tokens?: number;
  /** Estimated price in US dollars; 0 with `cost_known` false when the model has no price. */
  estimated_cost_usd: number;
  /** False when the model has no configured price; absent otherwise. */
  cost_known?: boolean;
  /** True when the answer was cut at a limit of tokens, the agent's or the model's; absent otherwise. */
  truncated?: boolean;
  /** Which round of a loop this is, when above 1; as in the node's last change of status. */
  iteration?: number;
  /** Of a node that stands for an item of a map: which item, from 0. */
  item?: number;
}

/** Where the history of a forked session comes from. */
export interface SessionOrigin {
  /** The session that it was forked from, which may have been deleted since. */
  session_id: string;
  /** The last event that both share; 0 when they share none. */
  seq: number;
}

/** User input that waits for a paused session to resume. */
export interface HeldInput {
  /** What the user said. */
  content: string;
  /** The node whose prompt it answers; absent when it is said to the whole session. */
  node_id?: string;
  /** Where it answers a prompt: what was chosen, and by whom; absent where that is nothing. */
  answer?: PromptAnswer;
}

/** The session stands still: no token appears until it is resumed or answered. */
export interface ExecutionPaused {
  /** The session the event belongs to. */
  session_id: string;
  /** One of `PauseReason`. */
  reason: PauseReason;
  /** When the session began to stand still, UTC, where that is earlier than the event tells of it: while the store failed, nothing could be written. */
  since?: string;
  /** Of a forked session, where the history that it shares ends: what it was forked from. */
  forked_from?: SessionOrigin;
  /** What the session itself asks, where it stands still for an answer to that: whether a budget is raised. */
  prompt?: Prompt;
  /** What a user said while the session stood still; it joins the session when that resumes. */
  held_input?: HeldInput;
}

/** What a session has consumed, summed over its `TokenUsage` events. */
export interface Totals {
  /** Tokens read by all models. */
  input_tokens: number;
  /** Tokens written by all models. */
  output_tokens: number;
  /** How many of the tokens read came from a provider's cache; absent when none did, or that is not known. */
  cached_input_tokens?: number;
  /** How many of the tokens written are reasoning; absent when none is, or that is not known. */
  reasoning_tokens?: number;
  /** Estimated price in US dollars of the calls whose model has a price. */
  estimated_cost_usd: number;
  /** False when a call's model has no configured price; absent otherwise. */
  cost_known?: boolean;
  /** Of a session: what each node consumed, in the order of their first calls; absent when none did. */
  nodes?: Record<string, Totals>;
  /** Of a session: what each agent consumed, in the order of their first calls; absent when none did. */
  agents?: Record<string, Totals>;
}

/** The session ended; always its last event, exactly once. */
export interface ExecutionCompleted {
  /** The session the event belongs to. */
  session_id: string;
  /** `completed`, `failed` or `cancelled`; see `SessionStatus`. */
  status: SessionStatus;
  /** The text that reached the end; absent when nothing did. */
  output?: string;
  /** What the whole session consumed. */
  totals: Totals;
}

/** Something in a session failed; the `error` event. */
export interface ExecutionError {
  /** The session the event belongs to. */
  session_id: string;
  /** The node that failed; absent when it concerns the whole session. */
  node_id?: string;
  /** A sentence for people. */
  error: string;
  /** A stable code for programs: one of `ErrorCode`, or one of a node type that the gateway's host has added. */
  code: ErrorCode | (string & {});
  /** Which round of a loop this is, when above 1; as in the node's last change of status. */
  iteration?: number;
  /** Of a node that stands for an item of a map: which item, from 0. */
  item?: number;
}

/** The payload of each event, by the event's name. */
export interface EventData {
  token_stream: TokenStream;
  node_state_change: NodeStateChange;
  'node:parallel_start': ParallelStart;
  token_usage: TokenUsage;
  'execution:paused': ExecutionPaused;
  'execution:completed': ExecutionCompleted;
  error: ExecutionError;
}

/** One event with its payload: a whole frame on `/ws`. Switch on `event`, and the payload has its type. */
export interface EventFrame<E extends keyof EventData> {
  event: E;
  /** UTC time of the append; strictly increasing within a session. */
  timestamp: string;
  /** The node the event is about; repeated inside the payload. Absent when it concerns the whole session. */
  node_id?: string;
  /** Position in the session's log: 1, 2, 3 ... with no gap, never reused. */
  seq: number;
  /** First seq of the run this event stands for when several were merged into it; absent for a plain event. */
  merged_from?: number;
  data: EventData[E];
}

/** Every event of a session. */
export type GatewayEvent = { [E in keyof EventData]: EventFrame<E> }[keyof EventData];

/** How much may be consumed before the session stands still and asks whether to go on; with several measures, the first that is used up counts. */
export interface BudgetPolicy {
  /** Tokens that models read and write; absent: any number. */
  tokens?: number;
  /** US dollars, as models are priced; absent: any amount. Each model that it concerns needs a price. */
  usd?: number;
  /** Time at work, such as `90s`, `10m`, `2h`, or a number of seconds; absent: any. While the session is paused or only waits for somebody, it stands still. */
  duration?: string | number;
}

/** When the work of a node that failed is tried again, as a new attempt. */
export interface RetryPolicy {
  /** How often it is tried again, 0 to 10; absent: 3. Each fallback model is tried again as often. */
  max?: number;
  /** The wait before the first retry, such as `2s`, doubled with each further one; absent: 1s. What a provider asks for with `Retry-After` is waited for, too. */
  backoff?: string | number;
  /** By which share a wait may be longer or shorter, 0 to 1, so that not all nodes try again at the same moment; absent: 0.25. */
  jitter?: number;
  /** For which failures, by their codes, such as `model_timeout`; absent: for all that may pass. */
  on?: string[];
  /** Whether it is tried again although a part of the answer has been shown, which is void then; absent: false. */
  restart?: boolean;
}

/** How long the work of a node may take; a pause of the session is not counted. */
export interface TimeoutPolicy {
  /** The longest time of a try, its calls of tools included, but not the time for which it waits for a person; each retry and each fallback has as long again. */
  total?: string | number;
  /** The longest time from the question to the model's first word. */
  first_token?: string | number;
  /** The longest silence of the model after its first word; what only keeps the line open counts as life. */
  idle?: string | number;
}

/** What holds for the agents and nodes of a workflow that do not say otherwise; those of child workflows are not touched. */
export interface WorkflowDefaults {
  /** The model of agents that name none. */
  model?: string;
  /** The sampling temperature of agents, 0 to 2. */
  temperature?: number;
  /** The upper limit of tokens that the model of an agent may write. */
  max_output_tokens?: number;
  /** How often agents may call tools before they must answer, 0 to 50. */
  max_tool_rounds?: number;
  /** What follows when a node fails; one of `ErrorPolicy`. */
  on_error?: string;
  /** When the work of nodes that call a model or a tool is tried again. */
  retry?: RetryPolicy;
  /** How long the work of nodes that call a model or a tool may take. */
  timeout?: TimeoutPolicy;
  /** The models that nodes of agents fall back on. */
  fallback?: string | string[];
}

/** An agent: who it is and which model speaks for it. */
export interface AgentDefinition {
  /** A name for people; the agent's id when absent. */
  name?: string;
  /** What the agent is told about its role. */
  instructions?: string;
  /** The configured model's name; absent or `default`: the gateway's default model. */
  model?: string;
  /** Sampling temperature, 0 to 2; absent: the model's own. */
  temperature?: number;
  /** Upper limit of tokens the model may write; absent: the model's own. */
  max_output_tokens?: number;
  /** The tools that it may call, each by its name, or by that of the MCP server whose tools they all are; absent: none. */
  tools?: string[];
  /** For each of its tools that needs it, when a person must approve its calls; one of `ToolApproval`. */
  approval?: Record<string, string>;
  /** How often it may call tools before it must answer, 0 to 50; absent: 5. Calls side by side are one round. */
  max_tool_rounds?: number;
}

/** A node of a workflow's graph. */
export interface NodeDefinition {
  /** One of `NodeType`, or a type that the gateway's host has added. */
  type?: string;
  /** The nodes that follow; a parallel node may name several. In JSON and YAML one may stand without a list. */
  next?: string | string[];
  /** The agent that speaks at the node, where its type has one. */
  agent?: string;
  /** What the node asks a user or its agent, where its type has a prompt; a template. */
  prompt?: string;
  /** A condition; where it does not hold when the node's turn comes, the node is skipped. */
  when?: string;
  /** For which of the nodes before it the node waits: `"all"` that can still reach it, `"any"` one, or `{"quorum": n}`. */
  join?: unknown;
  /** What follows when the node fails; one of `ErrorPolicy`. */
  on_error?: string;
  /** When its work is tried again after it has failed; absent: never. Of nodes that call a model or a tool. */
  retry?: RetryPolicy;
  /** How long its work may take; absent: as long as it takes. */
  timeout?: TimeoutPolicy;
  /** The models that are asked, one after the other, where the agent's own has failed before its first word. */
  fallback?: string | string[];
  /** How much the node may consume in a session, with its body and in all rounds and attempts, before the session stands still and asks; absent: any amount. */
  budget?: BudgetPolicy;
  /** Parameters that only the node's type knows: a JSON object. */
  with?: unknown;
}

/** A workflow: the agents that take part and the graph of nodes they work through. */
export interface WorkflowDefinition {
  /** Names the workflow in `start_session`; `[A-Za-z0-9_-]{1,64}`. */
  id?: string;
  /** A title for people. */
  name?: string;
  /** What the workflow does, in a sentence. */
  description?: string;
  /** A JSON Schema that the input of a start must fit; absent: every input does. */
  inputs?: unknown;
  /** How much a session may consume before it stands still and asks; absent: any amount. */
  budget?: BudgetPolicy;
  /** What holds for its agents and nodes that do not say otherwise. */
  defaults?: WorkflowDefaults;
  /** How many of its nodes that call a model or a tool run at once, 1 to 1000; the others wait, the longest-waiting first. Absent: as many as there are. */
  max_parallel?: number;
  /** The agents by id. */
  agents?: Record<string, AgentDefinition>;
  /** The nodes by id. */
  nodes?: Record<string, NodeDefinition>;
}

/** Asks for a new session of a workflow. */
export interface StartSession {
  /** The workflow to run; `template_id` is its other name. */
  workflow_id?: string;
  /** The name known clients use for `workflow_id`. */
  template_id?: string;
  /** A whole definition, instead of the id of a stored one; a node's `with` is a free object, checked by the node's type. */
  workflow?: WorkflowDefinition;
  /** What the agents work on: a string or an object, which fits the workflow's `inputs`. */
  input?: unknown;
  /** The input as plain text; used when `input` is absent. */
  subject?: string;
  /** An id chosen by the client, `[A-Za-z0-9_-]{1,64}`; absent: the gateway chooses. */
  session_id?: string;
}

/** Asks a session to stand still. */
export interface PauseSession {
  /** The session; absent: the one this connection last started or subscribed to. */
  session_id?: string;
}

/** Asks a paused session to go on. */
export interface ResumeSession {
  /** The session; absent: the one this connection last started or subscribed to. */
  session_id?: string;
}

/** Says something to a session: answers an open prompt, or joins the conversation. */
export interface UserInput {
  /** The session; absent: the one this connection last started or subscribed to. */
  session_id?: string;
  /** What the user says; not empty, but beside `action` or `data`. */
  content?: string;
  /** The prompt it answers; absent: the one that waits longest, if any. */
  prompt_id?: string;
  /** The node whose prompt it answers, instead of `prompt_id`. */
  node_id?: string;
  /** Whether it is said to the whole session and answers no prompt, whatever is open. */
  remark?: boolean;
  /** The id of the prompt's action that is chosen; absent: `content` names it, where the prompt has any. */
  action?: string;
  /** The answer as JSON, which fits the prompt's schema; absent: `content` is read as JSON, where the prompt has one. */
  data?: unknown;
}

/** Asks a session to end as cancelled. */
export interface CancelSession {
  /** The session; absent: the one this connection last started or subscribed to. */
  session_id?: string;
}

/** What a fork changes in a node: not where it leads, since others have been told of that. */
export interface NodeEdit {
  /** The node's prompt; absent: as it is. */
  prompt?: string;
  /** A member for each parameter in the node's `with` that is different; null takes one away; absent: as it is. */
  with?: unknown;
}

/** What a fork changes in the workflow; what has finished stays as it was. */
export interface ForkEdits {
  /** Agents by id; the members that are given take the place of the agent's own. */
  agents?: Record<string, AgentDefinition>;
  /** Nodes by id that have not finished; the members that are given take the place of the node's own. */
  nodes?: Record<string, NodeEdit>;
}

/** Asks for a new session that shares the history of another one up to an event, and goes on differently. */
export interface ForkSession {
  /** The session whose history is shared; absent: the one this connection last started or subscribed to, or, over HTTP, that of the address. */
  source_session_id?: string;
  /** The last event of the other session that both share; absent: the last there is before its end. */
  after_seq?: number;
  /** The id of the new session, `[A-Za-z0-9_-]{1,64}`; absent: the gateway chooses. */
  session_id?: string;
  /** What the agents work on from here, a string or an object, which fits the workflow's `inputs`; absent: the same. */
  input?: unknown;
  /** What is different in the workflow from here on; absent: nothing. */
  edits?: ForkEdits;
}

/** Asks for a new session that shares the history of a failed one up to its failure, so that what failed runs again. */
export interface RetrySession {
  /** The session that has failed; absent: the one this connection last started or subscribed to. */
  source_session_id?: string;
  /** The id of the new session, `[A-Za-z0-9_-]{1,64}`; absent: the gateway chooses. */
  session_id?: string;
  /** What the agents work on from here, a string or an object, which fits the workflow's `inputs`; absent: the same. */
  input?: unknown;
  /** What is different in the workflow from here on; absent: nothing. */
  edits?: ForkEdits;
}

/** Asks for a session's events on a `/ws` connection. */
export interface Subscribe {
  /** The session. */
  session_id?: string;
  /** Send the events after this one; 0 or absent: from the first. */
  after_seq?: number;
  /** True: send the folded state first and then only what follows it. */
  snapshot?: boolean;
}

/** Ends a subscription of a `/ws` connection; the session goes on. */
export interface Unsubscribe {
  /** The session; absent: the one this connection last started or subscribed to. */
  session_id?: string;
}

/** The data of each command, by the command's name. */
export interface CommandData {
  start_session: StartSession;
  pause_session: PauseSession;
  resume_session: ResumeSession;
  user_input: UserInput;
  cancel_session: CancelSession;
  fork_session: ForkSession;
  retry_session: RetrySession;
  subscribe: Subscribe;
  unsubscribe: Unsubscribe;
  ping: undefined;
}

/** A frame that a client sends on `/ws`. With an `id` it is answered. */
export type GatewayCommand = { [C in keyof CommandData]: { cmd: C; id?: string; data?: CommandData[C] } }[keyof CommandData];

/** The answer to a command that was accepted. */
export interface SessionAck {
  /** The session the command was for. */
  session_id: string;
  /** The event at which the command has taken effect: who has read it knows all that the command changed. */
  seq?: number;
}

/** The payload of a `ReplyFrame`. */
export interface ReplyData {
  /** The session the command was for, when known. */
  session_id?: string;
  /** The event at which an accepted command has taken effect, as in `SessionAck`. */
  seq?: number;
  /** Why the command was refused, as a sentence. */
  error?: string;
  /** Why the command was refused, one of `ErrorCode`. */
  code?: ErrorCode;
  /** The command that was refused, when it could be read. */
  cmd?: string;
}

/** What counts against a budget. */
export interface BudgetSpent {
  /** Tokens read and written. */
  tokens: number;
  /** US dollars, of the calls whose model has a price. */
  usd: number;
  /** Seconds at work. */
  seconds: number;
}

/** How far a budget is used up. */
export interface BudgetSnapshot {
  /** How much may be consumed now, with what users have raised it by. */
  limit: BudgetPolicy;
  /** What has been consumed. */
  spent: BudgetSpent;
  /** True when it has been warned that the budget is nearly used up, since it was raised last; absent otherwise. */
  warned?: boolean;
}

/** The folded state of one node. */
export interface NodeSnapshot {
  /** One of `NodeStatus`. */
  status: NodeStatus;
  /** What the node has said so far in this attempt, without reasoning. */
  text: string;
  /** What its model has reasoned so far in this attempt. */
  thinking?: string;
  /** The calls of tools that the node has made in this round of a loop, in order; absent when there are none. */
  tools?: ToolCall[];
  /** Which try this is, when above 1. */
  attempt?: number;
  /** Which round of a loop this is, when above 1; within a loop in a loop it goes on counting. */
  iteration?: number;
  /** Of a node that stands for an item of a map: which item, from 0. */
  item?: number;
  /** What the body of a node is given when it begins: the list that a map goes over, the input of a child workflow. */
  given?: unknown;
  /** Of a loop: which round of its body is under way, or was the last. */
  round?: number;
  /** What it found, as JSON: a vote's count, a loop's exit. */
  result?: unknown;
  /** Where it leads, once completed, when that is not everywhere. */
  next?: string[];
  /** The model that is asked, where it is one of the node's fallbacks. */
  model?: string;
  /** What it waits for before it is at work, while running. */
  wait?: NodeWait;
  /** The question it waits on, while suspended. */
  prompt?: Prompt;
  /** How far its budget is used up, where it has one. */
  budget?: BudgetSnapshot;
  /** Why it failed. */
  error?: string;
  /** True when its text was cut at a limit of tokens; absent otherwise. */
  truncated?: boolean;
}

/** The folded state of a session at one seq: what a reader of all events up to it knows. */
export interface SessionSnapshot {
  /** The session. */
  session_id: string;
  /** The workflow it runs. */
  workflow_id: string;
  /** One of `SessionStatus`. */
  status: SessionStatus;
  /** Why it stands still, when it does; one of `PauseReason`. */
  pause_reason?: PauseReason;
  /** The last event folded in; 0 before the first. */
  last_seq: number;
  /** When the session was started, UTC. */
  created_at: string;
  /** Of a forked session: what it was forked from. */
  forked_from?: SessionOrigin;
  /** The nodes by id, in the order of the workflow; behind them those for the items of maps, in the order in which they began. */
  nodes: Record<string, NodeSnapshot>;
  /** What users said to the whole session, in order. */
  user_messages: string[];
  /** What users said while the session stood still, in order; it joins when that resumes. */
  held_inputs: HeldInput[];
  /** What the session itself asks, while it stands still for the answer: whether a budget is raised. */
  prompt?: Prompt;
  /** How far its budget is used up, where its workflow has one. */
  budget?: BudgetSnapshot;
  /** What the session has consumed so far. */
  totals: Totals;
  /** The text that reached the end, once it did. */
  output?: string;
  /** The last error of the session, if any. */
  error?: string;
  /** The stable code of `error`: one of `ErrorCode`, or one of a node type that the gateway's host has added. */
  error_code?: ErrorCode | (string & {});
}

/** A line of the list of sessions. */
export interface SessionSummary {
  /** The session. */
  session_id: string;
  /** The workflow it runs. */
  workflow_id: string;
  /** One of `SessionStatus`. */
  status: SessionStatus;
  /** Its last event; 0 before the first. */
  last_seq: number;
  /** When it was started, UTC. */
  created_at: string;
  /** Time of its last event, UTC. */
  updated_at: string;
}

/** A page of the list of sessions, newest first. */
export interface SessionPage {
  /** The sessions. */
  sessions: SessionSummary[];
  /** Pass as `cursor` to read the next page; absent on the last. */
  next_cursor?: string;
}

/** A prompt of some session in the inbox, which holds what waits for a person over all sessions. */
export interface InboxPrompt {
  /** The session that asks. */
  session_id: string;
  /** The workflow it runs. */
  workflow_id: string;
  /** The node that asks; absent when the session itself does. */
  node_id?: string;
  /** Names the prompt in `user_input`; unique within the session. */
  prompt_id: string;
  /** The event that showed what it says now, or after which it waits no more. */
  seq: number;
  /** Since when it waits, UTC; a prompt that is shown once more has waited since it was shown first. */
  since: string;
  /** What is asked, as the session's event has it; absent once it waits no more. */
  prompt?: Prompt;
  /** Why it waits no more, one of `PromptOutcome`; absent while it waits. */
  outcome?: PromptOutcome;
  /** The name of who answered it; absent where the gateway does not know it. */
  by?: string;
}

/** A page of the prompts that wait for a person, those that wait longest first. */
export interface PromptPage {
  /** The prompts. */
  prompts: InboxPrompt[];
  /** Pass as `cursor` to read the next page; absent on the last. */
  next_cursor?: string;
  /** Pass as `after` to watch what has changed since the first page was read; the same on all its pages, which show nothing that was opened later. */
  position: string;
}

/** Which prompts of the inbox to watch, and from where on. */
export interface WatchInbox {
  /** Only prompts that this person may answer: those for them, and those for anybody; absent: all. */
  assignee?: string;
  /** Only prompts of sessions of this workflow; absent: of all. */
  workflow_id?: string;
  /** The `position` of the last frame received, or of a page; absent: all that waits comes first. */
  after?: string;
}

/** What a watcher of the inbox is sent: one change of what waits. */
export interface InboxFrame {
  /** One of `InboxEvents`. */
  event: InboxEvents;
  /** When it happened, UTC. */
  timestamp: string;
  /** Pass as `after` to go on watching behind this change; opaque. */
  position: string;
  /** The prompt; absent in `inbox:reset`. */
  data?: InboxPrompt;
}

export interface AckFrame {
  event: 'ack';
  id?: string;
  timestamp: string;
  data: ReplyData;
}

export interface ErrorReply {
  event: 'error';
  id?: string;
  timestamp: string;
  data: ReplyData;
}

export interface PongFrame {
  event: 'pong';
  id?: string;
  timestamp: string;
  data: ReplyData;
}

/** The frame a snapshot subscription on `/ws` starts with; the events after `seq` follow. */
export interface SnapshotFrame {
  event: 'snapshot';
  timestamp: string;
  seq: number;
  data: SessionSnapshot;
}

/** Every frame that the gateway sends on `/ws`. An `error` with a `seq` is an event of a session, one without answers a command. */
export type GatewayFrame = GatewayEvent | AckFrame | ErrorReply | PongFrame | SnapshotFrame | InboxFrame;
