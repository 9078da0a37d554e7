// Plays random interleavings of tabs that share a stored conversation, and compares what they show and store with what must
// hold. Drives the real store. Pure: no page, no clock. One idea, over 300 lines: the tabs, and what must hold of them.
import {ConversationStore, type ConversationView} from '../../src/chat/storage.js';
import {createAnswer, createMessage, endAnswer, failAnswer, type Message} from '../../src/model/conversation.js';
import {StreamChatError} from '../../src/model/errors.js';
import {createRandom} from './cuts.js';
import {Origin, type OriginOptions, type View, type Write} from './storage-origin.js';

export interface Play extends OriginOptions {
  readonly seed: number;
  readonly tabs: number;
  readonly steps: number;
}

export interface PlayResult {
  /** What did not hold; empty if everything did. */
  readonly problems: readonly string[];
  /** What the tabs did, and what they showed after it. */
  readonly trace: readonly string[];
}

/** A tab: does with the store what the chat does. */
class Tab {
  messages: readonly Message[] = [];
  answer: Message | undefined;
  readonly view: View;
  readonly store: ConversationStore;
  #world: World;

  constructor(world: World) {
    this.#world = world;
    this.view = world.origin.open();
    this.store = new ConversationStore(world.origin.storage(this.view), 'model', world.id('chat'), (text) => world.problem(`reported: ${text}`));
    this.#adopt(this.store.load());
    this.store.watch(() => this.sync());
    this.sync();
    for (const id of this.store.pending) this.#restore(id);
  }

  sync() {
    this.#adopt(this.store.sync());
  }

  /** Sends a question, after what is there or in place of what is there from an index on. */
  send(from = Infinity) {
    this.#stop();
    this.sync();
    const question = this.#world.question(this);
    const kept = this.messages.slice(0, from);
    this.#world.remove(this, this.messages.slice(from));
    const greeting = this.messages.length === 0 ? [createMessage({role: 'assistant', text: 'Hello!', id: 'greeting-0'}, '', this.#world.now())] : [];
    this.messages = [...greeting, ...kept, question];
    this.#begin(question);
  }

  edit(pick: (length: number) => number) {
    this.sync();
    const questions = this.messages.flatMap(({role}, index) => (role === 'user' ? [index] : []));
    if (questions.length > 0) this.send(questions[pick(questions.length)]!);
  }

  regenerate() {
    this.#stop();
    this.sync();
    const at = this.messages.findLastIndex(({role}) => role === 'user');
    if (at === -1) return;
    this.#world.regenerate(this.messages[at]!.id);
    this.messages = this.messages.slice(0, at + 1);
    this.#begin(this.messages[at]!);
  }

  clear() {
    this.#stop();
    this.#world.clear(this);
    this.store.clear(this.#world.id('chat'));
    this.messages = [];
    this.#save();
  }

  /** Stores the answer so far, as it is done while it streams. */
  saveAnswer() {
    const {answer} = this;
    if (!answer) return;
    const position = {run: '', ordinal: 0, seen: [], hashes: []};
    this.#adopt(
      this.store.saveAnswer({message: answer, reader: {protocolName: undefined, frames: 1, idsAreInData: false, position}, responseId: undefined, headers: []}),
    );
  }

  finish() {
    this.#end('stop');
  }

  #begin(question: Message) {
    this.answer = this.#world.answer(question);
    this.#save();
    this.saveAnswer();
  }

  #stop() {
    this.#end('aborted');
  }

  #end(reason: 'stop' | 'aborted') {
    const {answer} = this;
    if (!answer) return;
    this.answer = undefined;
    this.messages = [...this.messages, endAnswer(answer, reason)];
    this.#world.finished(answer.id, this);
    this.#save();
    this.store.removeAnswer(answer.id);
  }

  #restore(id: string) {
    if (this.#world.isStreamed(id)) return;
    const saved = this.store.loadAnswer(id);
    const last = this.messages.at(-1);
    if (saved && !this.answer && last?.role === 'user') {
      this.answer = {...saved.message, status: 'streaming'};
      this.#save();
      this.saveAnswer();
    } else this.#adopt(this.store.settle(id, saved && failAnswer(saved.message, new StreamChatError('interrupted', ''))));
  }

  #save() {
    this.#adopt(this.store.save(this.messages, this.answer));
  }

  #adopt({messages, isAnswerKept}: ConversationView) {
    this.messages = messages;
    if (!isAnswerKept) this.#stop();
  }
}

interface Question {
  readonly id: string;
  readonly tab: Tab;
  /** Number of clears that the tab knew of. */
  epoch: number;
  /** Tabs that cleared or replaced it, knowing of it. */
  readonly clearedBy: Set<Tab>;
  readonly removedBy: Set<Tab>;
  isAnsweredAgain: boolean;
  /** Whether it has arrived everywhere, so that it does not get lost with its tab. */
  isSettled: boolean;
}

/** All tabs of one play, and what must hold. */
class World {
  readonly origin: Origin;
  readonly problems: string[] = [];
  readonly trace: string[] = [];
  readonly questions = new Map<string, Question>();
  tabs: Tab[] = [];
  #play: Play;
  #count = 0;
  #time = 1000;
  /** Texts of messages that were cleared, by the tab that did it. */
  #cleared = new Map<string, Set<Tab>>();
  /** Answers, with their questions. */
  #questionOf = new Map<string, string>();
  #finished = new Map<string, Tab>();

  constructor(play: Play) {
    this.#play = play;
    this.origin = new Origin(play);
  }

  id(kind: string): string {
    // As long as a real one: that is how the store recognises its keys.
    const number = (++this.#count).toString(16);
    return kind === 'chat' ? `chat${number}` : number.padStart(24, '0');
  }

  now(): number {
    return (this.#time += 1);
  }

  problem(text: string) {
    this.problems.push(text);
  }

  question(tab: Tab): Message {
    const id = this.id('question');
    this.questions.set(id, {id, tab, epoch: this.epochOf(tab.view.values), clearedBy: new Set(), removedBy: new Set(), isAnsweredAgain: false, isSettled: false});
    return createMessage({role: 'user', text: `<${id}>`, id}, id, this.now());
  }

  answer(question: Message): Message {
    const id = this.id('answer');
    this.#questionOf.set(id, question.id);
    return {...createAnswer(id, this.now()), text: `<${id}>`, parts: [{type: 'text', text: `<${id}>`}]};
  }

  finished(id: string, tab: Tab) {
    this.#finished.set(id, tab);
  }

  isStreamed(id: string): boolean {
    return this.tabs.some(({answer}) => answer?.id === id);
  }

  epochOf(values: ReadonlyMap<string, string>): number {
    return (JSON.parse(values.get('stream-chat:model') ?? '{"epoch":0}') as {epoch: number}).epoch;
  }

  /** IDs of the stored conversation, as far as a tab can see. */
  idsIn(values: ReadonlyMap<string, string>): Set<string> {
    return new Set(values.get('stream-chat:model')?.match(/"[\da-f]{24}"/g)?.map((id) => id.slice(1, -1)));
  }

  clear(tab: Tab) {
    for (const id of [...this.idsIn(tab.view.values), ...tab.messages.map(({id}) => id)]) {
      if (id.startsWith('greeting')) continue;
      this.#cleared.set(id, (this.#cleared.get(id) ?? new Set()).add(tab));
      this.questions.get(id)?.clearedBy.add(tab);
    }
  }

  remove(tab: Tab, messages: readonly Message[]) {
    for (const {id} of messages) this.questions.get(id)?.removedBy.add(tab);
  }

  regenerate(id: string) {
    this.questions.get(id)!.isAnsweredAgain = true;
  }

  /** Whether tabs see at once what the others write. */
  get isShared(): boolean {
    return this.#play.visibility === 'shared';
  }

  /** Whether what a tab wrote has to arrive: tabs of other processes may die with it. */
  isReliable(tab: Tab): boolean {
    return this.isShared || this.tabs.includes(tab);
  }

  /** What must hold at any time. */
  check() {
    for (const [index, tab] of this.tabs.entries()) {
      const ids = tab.messages.map(({id}) => id);
      if (new Set(ids).size < ids.length) this.problem(`tab ${index} shows a message twice: ${ids.join()}`);
      for (const [at, id] of ids.entries()) {
        if (this.#cleared.get(id)?.has(tab)) this.problem(`tab ${index} shows ${id}, which it cleared`);
        const question = this.#questionOf.get(id);
        if (question && ids[at - 1] !== question) this.problem(`tab ${index} shows the answer ${id} behind ${ids[at - 1] ?? 'nothing'} instead of its question ${question}`);
      }
      if (tab.answer && this.#questionOf.get(tab.answer.id) !== ids.at(-1)) this.problem(`tab ${index} streams the answer ${tab.answer.id} behind another question`);
    }
    if (this.isShared) this.checkCleared();
    this.#settle();
  }

  /** Nothing that was cleared is stored. */
  checkCleared() {
    for (const text of this.origin.values.values()) {
      for (const [id, by] of this.#cleared) if ([...by].some((tab) => this.isReliable(tab)) && text.includes(id)) this.problem(`${id} is stored although it was cleared`);
    }
  }

  /** What must hold when everything has arrived and all answers have ended. */
  checkEnd() {
    const lists = this.tabs.map(({messages}) => messages.map(({id}) => id).join(' '));
    for (const [index, list] of lists.entries()) if (list !== lists[0]) this.problem(`tab ${index} shows ${list}, tab 0 ${lists[0]}`);
    const shown = new Set(this.tabs[0]!.messages.map(({id}) => id));
    const reloaded = new Tab(this);
    const restored = reloaded.messages.map(({id}) => id).join(' ');
    if (restored !== lists[0]) this.problem(`stored is ${restored}, shown is ${lists[0]}`);
    this.checkCleared();
    const epoch = this.epochOf(this.origin.values);
    const isIn = (tabs: ReadonlySet<Tab>) => [...tabs].some((tab) => this.isReliable(tab));
    for (const {id, clearedBy, removedBy, isSettled, tab, epoch: known} of this.questions.values()) {
      const isShown = shown.has(id);
      if (isIn(clearedBy) && isShown) this.problem(`${id} came back after it was cleared`);
      if (isIn(removedBy) && isShown) this.problem(`${id} came back after it was replaced`);
      // Sent while a clear of another tab was on its way.
      const isConcurrent = !this.isShared && known < epoch;
      const mayBeAway = clearedBy.size > 0 || removedBy.size > 0 || isConcurrent || !(isSettled || this.isReliable(tab));
      if (!isShown && !mayBeAway) this.problem(`${id} is lost`);
    }
    for (const [answer, tab] of this.#finished) {
      const id = this.#questionOf.get(answer)!;
      const {isAnsweredAgain} = this.questions.get(id)!;
      if (shown.has(id) && !isAnsweredAgain && !shown.has(answer) && this.isReliable(tab)) this.problem(`the answer ${answer} to ${id} is lost`);
    }
  }

  #settle() {
    const texts = (writes: readonly Write[]) => writes.flatMap(({key, value}) => (key === 'stream-chat:model' ? [value ?? ''] : []));
    const seen = [this.origin.values, ...this.tabs.map(({view}) => view.values)].map((values) => values.get('stream-chat:model') ?? '');
    const all = [...seen, ...this.tabs.flatMap(({view}) => [...texts(view.outgoing), ...texts(view.incoming)])];
    for (const question of this.questions.values()) question.isSettled ||= all.every((text) => text.includes(question.id));
  }
}

/** Returns the play with this number: all kinds in turn. */
export function createPlay(seed: number): Play {
  const random = createRandom(seed + 1);
  return {
    seed,
    visibility: seed % 2 ? 'late' : 'shared',
    hasLocks: random() < 0.5,
    tabs: random() < 0.6 ? 2 : 3,
    steps: 10 + Math.floor(random() * 50),
  };
}

/** Plays one interleaving; if something does not hold, again with a trace. */
export function playStorage(play: Play): PlayResult {
  const result = playOnce(play, false);
  return result.problems.length > 0 ? playOnce(play, true) : result;
}

function playOnce(play: Play, isTraced: boolean): PlayResult {
  const random = createRandom(play.seed + 1);
  const below = (count: number) => Math.floor(random() * count);
  const world = new World(play);
  for (let index = 0; index < play.tabs; index++) world.tabs.push(new Tab(world));
  const {origin} = world;
  const end = (index: number, isOrderly: boolean) => {
    origin.close(world.tabs[index]!.view, isOrderly);
    world.tabs.splice(index, 1);
  };
  const acts: readonly (readonly [weight: number, name: string, act: (tab: Tab, index: number) => void])[] = [
    [10, 'send', (tab) => tab.send()],
    [3, 'edit', (tab) => tab.edit(below)],
    [4, 'clear', (tab) => tab.clear()],
    [3, 'regenerate', (tab) => tab.regenerate()],
    [10, 'answer ends', (tab) => tab.finish()],
    [5, 'answer is stored', (tab) => tab.saveAnswer()],
    [
      3,
      'reload',
      (tab, index) => {
        tab.saveAnswer();
        end(index, true);
        world.tabs.splice(index, 0, new Tab(world));
      },
    ],
    [
      2,
      'tab dies, another opens',
      (_, index) => {
        end(index, random() < 0.5);
        world.tabs.push(new Tab(world));
      },
    ],
    [12, 'write arrives', ({view}) => origin.deliver(view)],
    [20, 'event', ({view}) => origin.receive(view)],
    [1, 'all is removed', (tab) => removeAll(world, tab, random() < 0.5)],
    [6, 'lock', () => origin.waiting.splice(below(origin.waiting.length), 1)[0]?.run()],
  ];
  const total = acts.reduce((sum, [weight]) => sum + weight, 0);
  for (let step = 0; step < play.steps && world.problems.length === 0; step++) {
    let at = random() * total;
    const [, name, act] = acts.find(([weight]) => (at -= weight) < 0) ?? acts[0]!;
    const index = below(world.tabs.length);
    if (isTraced) world.trace.push(`${step}: tab ${index}, ${name}`);
    act(world.tabs[index]!, index);
    if (isTraced) world.trace.push(...world.tabs.map(({messages, answer}, tab) => `    ${tab}: ${messages.map(({id}) => id.replace(/^0+/, '')).join(' ')}${answer ? ` + ${answer.id.replace(/^0+/, '')}…` : ''}`));
    world.check();
  }
  if (world.problems.length > 0) return world;
  settle(world);
  // Ends the answers of tabs that died, too.
  world.tabs.push(new Tab(world));
  for (const tab of world.tabs) tab.finish();
  settle(world);
  if (world.problems.length === 0) world.checkEnd();
  return world;
}

/** Removes the stored conversation, as the host page does, before or while a tab asks. The others do nothing until they learn of it. */
function removeAll(world: World, tab: Tab, isAsking: boolean) {
  if (!world.isShared) return;
  settle(world);
  world.clear(tab);
  world.origin.clear();
  if (isAsking) tab.send();
  for (const {view} of world.tabs) while (view.incoming.length > 0) world.origin.receive(view);
}

/** Lets everything arrive. */
function settle(world: World) {
  const {origin} = world;
  for (let round = 0; round < 1000; round++) {
    const isQuiet = origin.views.every(({incoming, outgoing}) => incoming.length + outgoing.length === 0) && origin.waiting.length === 0;
    if (isQuiet) return;
    for (const view of [...origin.views]) {
      origin.deliver(view);
      origin.receive(view);
    }
    origin.waiting.shift()?.run();
    world.check();
    if (world.problems.length > 0) return;
  }
  world.problem('the tabs write without end');
}
