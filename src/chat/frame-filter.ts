import {createPosition, type Position} from '../wire/position.js';
import type {Frame} from '../wire/framing.js';
import {createAnswerIdentity, type AnswerIdentity} from './answer-identity.js';
import {foreignAnswerError} from './resume.js';
import type {SavedReader} from './saved-reader.js';

/** How a connection continues the answer: it begins it, continues it after the last event ID, or resends all of it. */
export type ConnectionMode = 'initial' | 'cursor' | 'replay';

/**
 * Decides which frames of a connection are new to the answer: skips those that the server resends, and refuses those of
 * another answer. By event IDs and content (wire/position.ts), and by the ID of the answer in its frames (answer-identity.ts).
 */
export class FrameFilter {
  #position: Position;
  #identity: AnswerIdentity;
  #idsAreInData: boolean;
  #mode: ConnectionMode = 'initial';
  #hasNew = false;
  /** Whether an earlier connection has resumed the answer. */
  #hasResumed = false;
  /** Frames of a resumed connection that wait for one with an ID, which shows whether they belong to this answer. */
  #unproven: Frame[] = [];

  constructor(saved?: Pick<SavedReader, 'idsAreInData' | 'position' | 'generation'>) {
    this.#idsAreInData = saved?.idsAreInData ?? false;
    this.#position = createPosition(saved?.position);
    this.#identity = createAnswerIdentity(saved?.generation);
  }

  /** Last event ID of SSE. */
  get lastEventId(): string {
    return this.#idsAreInData ? '' : this.#position.lastId;
  }

  /** Last event ID that was in the data of an event. */
  get lastDataId(): string {
    return this.#idsAreInData ? this.#position.lastId : '';
  }

  /** Number of frames applied, or -1 where none has an ID. */
  get count(): number {
    return this.#position.lastId === '' ? -1 : this.#position.count;
  }

  /** Whether frames that were applied are still to be resent on this connection. */
  get isBehind(): boolean {
    return this.#position.isBehind;
  }

  /** Whether a resumed connection has delivered nothing: a server that does not know the answer just ends it. */
  get isUnproven(): boolean {
    return this.#mode === 'cursor' && !this.#hasNew && !this.#position.isProven;
  }

  /** Whether the server has proved that it resumes this answer. */
  get hasResumed(): boolean {
    return this.#hasResumed || (this.#mode === 'cursor' && !this.isUnproven);
  }

  save(): Pick<SavedReader, 'idsAreInData' | 'position' | 'generation'> {
    return {idsAreInData: this.#idsAreInData, position: this.#position.save(), generation: this.#identity.save()};
  }

  /** Begins a connection. */
  connect(mode: ConnectionMode): void {
    this.#hasResumed = this.hasResumed;
    this.#mode = mode;
    this.#hasNew = false;
    this.#unproven = [];
    if (mode === 'replay') this.#position = createPosition();
    this.#position.connect(mode === 'cursor');
    this.#identity.connect(mode);
  }

  /**
   * Returns the frames to apply now that a frame came; call `record` for each. `dataId` is an ID in the data of the frame,
   * `isEnd` tells whether it completes the answer. Throws a `StreamChatError` if the frame belongs to another answer.
   */
  accept(frame: Frame, dataId: string | undefined, isEnd: (frame: Frame) => boolean): readonly Frame[] {
    // Formats that number events in their data may pad them at random when they resend them.
    const content = dataId === undefined ? `${frame.event}\n${frame.data}` : '';
    const id = frame.id ?? dataId;
    const status = this.#position.accept(id, content);
    if (status === 'replayed') return [];
    if (status === 'foreign' || this.#identity.isForeign(frame)) throw foreignAnswerError();
    if (id !== undefined) this.#idsAreInData = dataId !== undefined;
    this.#unproven.push(frame);
    // Of the last frames of an answer none may have an ID.
    return status === 'unproven' && !isEnd(frame) ? [] : this.release();
  }

  /** Returns the frames that waited for proof, to be applied. */
  release(): readonly Frame[] {
    return this.#unproven.splice(0);
  }

  /** Records a frame that was applied. `hasContent`: it brought part of the answer. */
  record(frame: Frame, hasContent: boolean): void {
    this.#hasNew ||= hasContent;
    this.#identity.record(frame, hasContent);
    this.#position.commit();
  }
}
