import type { Totals, TokenUsage } from './contracts.js';

interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

// The shortest text of a number is the amount that was written, so sums are exact where those of doubles are not.
const parse = (value: number): Decimal => {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
};

/** Adds two amounts of money without the errors of binary fractions. */
export const add = (a: number, b: number): number => {
  if (a === 0) return b;
  if (b === 0) return a;
  const [x, y] = [parse(a), parse(b)];
  const scale = Math.max(x.scale, y.scale);
  const sum = x.digits * 10n ** BigInt(scale - x.scale) + y.digits * 10n ** BigInt(scale - y.scale);
  return Number(`${sum}e-${scale}`);
};

export const nothing: Totals = { input_tokens: 0, output_tokens: 0, estimated_cost_usd: 0 };

const plus = (before: number | undefined, more: number | undefined): number | undefined => (more === undefined ? before : (before ?? 0) + more);

/** Adds what a model call consumed. Once one price is unknown, the price of the sum is. */
export const sum = (before: Totals, usage: TokenUsage): Totals => {
  const known = usage.cost_known === false ? false : before.cost_known;
  const cached = plus(before.cached_input_tokens, usage.cached_input_tokens);
  const reasoning = plus(before.reasoning_tokens, usage.reasoning_tokens);
  return {
    input_tokens: before.input_tokens + usage.input_tokens,
    output_tokens: before.output_tokens + usage.output_tokens,
    ...(cached === undefined ? {} : { cached_input_tokens: cached }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
    estimated_cost_usd: add(before.estimated_cost_usd, usage.estimated_cost_usd),
    ...(known === undefined ? {} : { cost_known: known }),
  };
};

/** As `sum`, with what each node and each agent consumed, as a session's own totals have it. */
export const sumOfSession = (before: Totals, usage: TokenUsage): Totals => ({
  ...sum(before, usage),
  nodes: { ...before.nodes, [usage.node_id]: sum(before.nodes?.[usage.node_id] ?? nothing, usage) },
  agents: { ...before.agents, [usage.agent_id]: sum(before.agents?.[usage.agent_id] ?? nothing, usage) },
});
