// What the page asks a person: the words of the open prompt, a button for each of its actions, and who is to answer until when.
const byId = (id) => document.getElementById(id);

// Draws the form for a prompt, or for words to the whole session when there is none.
export function drawPrompt(prompt) {
  byId('say-label').textContent = prompt ? prompt.text : 'Say something to the agents';
  byId('say-about').textContent = prompt ? about(prompt) : '';
  const actions = prompt?.actions ?? [];
  byId('send').hidden = actions.length > 0;
  const content = byId('content');
  // An action alone may be an answer; a word about it may be added.
  content.required = actions.length === 0;
  const isBudget = prompt?.kind === 'budget';
  content.placeholder = isBudget ? `Raise by ${JSON.stringify(prompt.data.limit)}, or less or more` : prompt?.schema ? 'JSON' : '';

  const group = byId('actions');
  if (group.dataset.prompt === (prompt?.prompt_id ?? '')) return;
  group.dataset.prompt = prompt?.prompt_id ?? '';
  group.replaceChildren(...actions.map(button));
  // What is edited is there to be edited.
  if (prompt?.data !== undefined && !isBudget && content.value === '') content.value = JSON.stringify(prompt.data, null, 2);
}

// What is said to the gateway: the chosen action, the words, and where the prompt asks for JSON, that.
export function answerOf(prompt, action, words) {
  if (!prompt) return { content: words, remark: true };
  const named = { prompt_id: prompt.prompt_id };
  if (!action) return { ...named, content: words };
  // By how much a budget is raised; without it, by as much as it was.
  if (prompt.kind === 'budget') return words.trimStart().startsWith('{') ? { ...named, action, data: JSON.parse(words) } : { ...named, action, ...(words.trim() ? { content: words } : {}) };
  const needs = prompt.actions.find((known) => known.id === action)?.needs_input;
  // Arguments that nobody wants to change stand in the field, too, and are no remark.
  const isData = prompt.data !== undefined && words.trimStart().startsWith('{');
  if (!needs && isData) return { ...named, action };
  return needs && isData ? { ...named, action, data: JSON.parse(words) } : { ...named, action, ...(words.trim() ? { content: words } : {}) };
}

function button({ id, label }) {
  const element = document.createElement('button');
  element.type = 'button';
  element.dataset.action = id;
  element.textContent = label ?? id[0].toUpperCase() + id.slice(1).replaceAll('_', ' ');
  return element;
}

function about({ assignees, expires_at: until, on_expiry: then, reminder }) {
  const parts = [
    reminder && 'reminder',
    assignees && `for ${assignees.join(', ')}`,
    until && `until ${new Date(until).toLocaleString()}${then ? `, then: ${then}` : ''}`,
  ].filter(Boolean);
  return parts.length ? `(${parts.join('; ')})` : '';
}
