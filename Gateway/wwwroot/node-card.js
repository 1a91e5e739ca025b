const shown = (text, length) => (length ? `${text} ... (${length} characters in all)` : text);

// search {"query":"tea"}: completed, and below it what came of it.
function sentence({ name, arguments: given, arguments_length: givenLength, status, result, result_length: resultLength }) {
  const written = typeof given === 'string' ? given : JSON.stringify(given ?? {});
  const head = `${name} ${shown(written, givenLength)}: ${status}`;
  return result ? `${head}\n${shown(result, resultLength)}` : head;
}

// A column of the viewer: what one node says, thinks, asks and how it stands. What happens is noted first and drawn with the
// next frame of the screen, so that a long session costs no layout for each token.
export class NodeCard {
  constructor(nodeId) {
    const id = `node-${nodeId}`;
    this.element = document.createElement('article');
    this.element.className = 'node';
    this.element.setAttribute('aria-labelledby', id);
    const heading = document.createElement('h2');
    heading.id = id;
    const name = document.createElement('span');
    name.textContent = nodeId.replaceAll('_', ' ');
    this.state = document.createElement('span');
    this.state.className = 'state';
    heading.append(name, this.state);
    this.text = document.createElement('div');
    this.text.className = 'text';
    this.text.tabIndex = 0;
    this.text.setAttribute('role', 'log');
    // Read out a token at a time it would be noise; who wants to hear it goes there.
    this.text.setAttribute('aria-live', 'off');
    this.text.setAttribute('aria-labelledby', id);
    this.element.append(heading, this.text);
    this.attempt = 1;
    this.iteration = 1;
    this.noted = [];
    this.calls = new Map();
    this.changedCalls = new Set();
  }

  append({ chunk, agent_id: agent, is_thinking: thinking, tool }) {
    if (tool) this.call(tool);
    if (tool && agent !== 'user') return;
    // What a user says is one piece an event; an agent's pieces run on.
    if (agent === 'user') this.note('user', chunk);
    else this.note(thinking ? 'thinking' : 'answer', chunk, true);
  }

  // A call of a tool has a line of its own, which changes as the call does: what it is given, how it stands, what came of it.
  call(told) {
    let call = this.calls.get(told.call_id);
    if (!call) {
      call = { entry: this.note('tool', '') };
      call.entry.call = call;
      this.calls.set(told.call_id, call);
    }
    Object.assign(call, told);
    this.changedCalls.add(call.entry);
  }

  // Words that were said while the session stands still: they are shown at once, and once more as said when it goes on.
  hold(content) { this.note('held', content); }

  release() {
    this.noted = this.noted.filter(({ kind }) => kind !== 'held');
    this.draw();
    for (const held of this.text.querySelectorAll('.held')) held.remove();
    this.kind = undefined;
  }

  change({ status, attempt = 1, iteration = 1, prompt }) {
    if (status === 'running' && (attempt > this.attempt || iteration > this.iteration)) {
      // A new attempt voids what the earlier one said; a new round of a loop begins afresh.
      const calls = iteration > this.iteration ? [] : [...this.calls.values()];
      this.noted = [];
      this.calls.clear();
      this.changedCalls.clear();
      this.text.replaceChildren();
      this.kind = undefined;
      this.attempt = attempt;
      this.iteration = iteration;
      // What was called has been called, whatever becomes of the text.
      for (const { entry, ...call } of calls) this.call(call);
    }
    this.element.dataset.status = status;
    this.state.textContent = [status, iteration > 1 && `round ${iteration}`, attempt > 1 && `attempt ${attempt}`].filter(Boolean).join(', ');
    if (prompt) this.note('prompt', prompt.data === undefined ? prompt.text : `${prompt.text}\n${JSON.stringify(prompt.data, null, 2)}`);
  }

  // The answer is one, but its end is missing.
  cut() { this.note('cut', 'The answer was cut at a limit of tokens.'); }

  fail(sentence) { this.note('error', sentence); }

  note(kind, text, runsOn = false) {
    const last = this.noted.at(-1);
    if (runsOn && last?.kind === kind) last.texts.push(text);
    else this.noted.push({ kind, texts: [text], runsOn });
    return this.noted.at(-1);
  }

  // Whether the reader is at the end and wants to stay there. Asked of all cards before any of them is drawn: a question
  // about sizes after a change makes the browser lay out the page.
  look() {
    this.follows = this.noted.length > 0 && this.text.scrollHeight - this.text.scrollTop - this.text.clientHeight < 40;
  }

  draw() {
    for (const entry of this.noted) {
      const { kind, texts, runsOn } = entry;
      if (!runsOn || kind !== this.kind) this.add(kind);
      this.run.appendData(texts.join(''));
      this.kind = runsOn ? kind : undefined;
      if (entry.call) entry.run = this.run;
    }
    this.noted = [];
    for (const { run, call } of this.changedCalls) run.data = sentence(call);
    this.changedCalls.clear();
  }

  follow() {
    if (this.follows) this.text.scrollTop = this.text.scrollHeight;
  }

  add(kind) {
    const span = document.createElement('span');
    span.className = kind;
    this.run = document.createTextNode('');
    span.append(this.run);
    this.text.append(span);
  }
}
