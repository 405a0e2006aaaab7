/**
 * One connection whose small requests are answered from the bytes as they come, with nothing made for a request but its
 * answer. A request in another form than the one known here, or one that needs a worker, is handed on with its connection:
 * whoever takes it over sees all bytes that were not answered.
 */
import type { Socket } from 'node:net';
import { type Answer, emptyAnswer, type RequestHeaders } from '../message.js';
import type { Service } from '../router.js';
import { answerHead } from './answer-head.js';
import type { DirectHead, FindHead } from './request-head.js';

export interface DirectOptions {
  readonly service: Pick<Service, 'unavailable' | 'isAlive' | 'invokeNow'>;
  readonly findHead: FindHead;
  /** Of a body. */
  readonly maxBytes: number;
  readonly keepAliveMs: number;
  /** Takes a connection over, with what was read of it and not answered. */
  handOver(socket: Socket, unread: Buffer): void;
  /** Closes one behind what is written. */
  end(socket: Socket): void;
  /** Answers one whose other side ended in the middle of a request. */
  refuse(socket: Socket, unread: Buffer): void;
  /** @param answer undefined: the caller left before it */
  report(isPing: boolean, headers: RequestHeaders, startedMs: number, answer: Answer | undefined): void;
}

export interface DirectConnection {
  /** When it last heard or wrote something; at first, when it was opened. */
  readonly activeMs: number;
  /** It has never heard anything. */
  readonly isNew: boolean;
  /** `close` behind its last answer. */
  readonly waitsFor: 'request' | 'rest' | 'answer' | 'reader' | 'close';
  handOver(): void;
  /** Closes it as soon as what has begun is answered. */
  drain(): void;
}

/** @param onEnd it is closed, or handed over */
export function createDirectConnection(socket: Socket, options: DirectOptions, onEnd: () => void): DirectConnection {
  const { service, findHead, maxBytes, report } = options;
  const keepAliveSeconds = Math.floor(options.keepAliveMs / 1000);
  let waitsFor: DirectConnection['waitsFor'] = 'request';
  let activeMs = performance.now();
  /** When the head of the request that it is at came. */
  let beganMs = activeMs;
  let isNew = true;
  /** Read and not answered. */
  let unread: Buffer = NOTHING;
  let pieces = 0;
  let isDraining = false;
  /** The other side writes no more. */
  let isHalfClosed = false;

  const onData = (chunk: Buffer) => {
    activeMs = performance.now();
    if (waitsFor === 'request') beganMs = activeMs;
    isNew = false;
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    if (waitsFor === 'request' || waitsFor === 'rest') take();
  };

  /** Answers all requests that are complete. */
  const take = () => {
    while (unread.length > 0) {
      const end = unread.indexOf(HEAD_END);
      const head = end >= 0 && end <= MAX_HEAD_BYTES ? findHead(unread.toString('latin1', 0, end)) : undefined;
      if (!head || head.bodyBytes > maxBytes || service.unavailable()) return handOver();
      if (head.isPing && !service.isAlive()) return handOver();
      const next = end + HEAD_END.length + head.bodyBytes;
      if (unread.length < next) return waitForRest();
      const body = unread.subarray(next - head.bodyBytes, next);
      const answer = head.isPing ? PONG : service.invokeNow?.({ ...head.request, body });
      if (!answer) return handOver();
      if (answer instanceof Promise) return void waitForAnswer(answer, head, next);
      if (!send(answer, head, next)) return;
    }
    waitsFor = 'request';
    pieces = 0;
    if (isDraining) end();
    else if (isHalfClosed) socket.end();
  };

  /** A head comes in one piece, and a body in few; who sends in other ways has Node's parser, which looks once at each byte. */
  const waitForRest = () => {
    waitsFor = 'rest';
    pieces += 1;
    if (isHalfClosed) leave(() => options.refuse(socket, unread));
    else if (pieces > MAX_PIECES) handOver();
  };

  const waitForAnswer = async (promise: Promise<Answer | undefined>, head: DirectHead, next: number) => {
    waitsFor = 'answer';
    socket.pause();
    const answer = await promise;
    if (socket.destroyed) return report(head.isPing, head.headers, beganMs, undefined);
    if (!answer) return handOver();
    socket.resume();
    if (send(answer, head, next)) take();
  };

  /** @returns whether the next request may be looked at */
  const send = (answer: Answer, head: DirectHead, next: number): boolean => {
    const isLast = head.isLast || isDraining;
    const text = answerHead(answer, answer.body.length, isLast ? undefined : keepAliveSeconds);
    if (text === undefined || answer.rest) {
      answer.rest?.return().catch(ignore);
      handOver();
      return false;
    }
    unread = unread.subarray(next);
    write(text, answer.body);
    report(head.isPing, head.headers, beganMs, answer);
    beganMs = activeMs;
    if (isLast) end();
    else if (socket.writableLength > 0) waitForReader();
    return !isLast && socket.writableLength === 0;
  };

  const write = (text: string, body: Uint8Array) => {
    if (body.length > JOINED_BYTES) {
      socket.cork();
      socket.write(text, 'latin1');
      socket.write(body);
      socket.uncork();
    } else socket.write(body.length === 0 ? text : text + latin1(body), 'latin1');
  };

  /** The system takes no more for now; no request is answered before it does. */
  const waitForReader = () => {
    waitsFor = 'reader';
    activeMs = performance.now();
    socket.pause();
    socket.write('', () => {
      if (socket.destroyed || waitsFor !== 'reader') return;
      activeMs = performance.now();
      waitsFor = 'request';
      socket.resume();
      take();
    });
  };

  const onHalfClosed = () => {
    isHalfClosed = true;
    if (waitsFor === 'request') socket.end();
    else if (waitsFor === 'rest') leave(() => options.refuse(socket, unread));
  };
  const onClose = () => {
    if (waitsFor === 'rest') report(false, {}, beganMs, undefined);
    onEnd();
  };

  /** It is there until it is closed: the last answer may be on its way. */
  const end = () => {
    waitsFor = 'close';
    socket.off('data', onData);
    options.end(socket);
  };
  const leave = (then: () => void) => {
    socket.off('data', onData).off('end', onHalfClosed).off('close', onClose).off('error', ignore);
    socket.on('error', ignore);
    then();
    onEnd();
  };
  const handOver = () =>
    leave(() => {
      socket.pause();
      options.handOver(socket, unread);
    });

  socket.on('data', onData).on('end', onHalfClosed).on('close', onClose).on('error', ignore);
  return {
    get activeMs() {
      return activeMs;
    },
    get isNew() {
      return isNew;
    },
    get waitsFor() {
      return waitsFor;
    },
    handOver,
    drain() {
      isDraining = true;
      if (waitsFor === 'request') end();
      else if (waitsFor === 'rest') handOver();
    },
  };
}

// --- internal ---

const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);
const PONG: Answer = emptyAnswer(200);
/** Of a head; Node's own limit is four times as much. */
const MAX_HEAD_BYTES = 4096;
/** In which a body may come. */
const MAX_PIECES = 8;
/** A short answer costs less as one text. */
const JOINED_BYTES = 4096;

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function ignore(): void {}
