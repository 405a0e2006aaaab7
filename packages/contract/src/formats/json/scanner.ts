/**
 * JSON text as a sequence of tokens, read from its bytes. The position only moves on, and nothing is kept but a bounded
 * stack of open lists and objects, so that time and memory are bounded by the number of bytes whatever they say.
 * Source: RFC 8259.
 */
import { isUtf8 } from 'node:buffer';
import { ClientError } from '../../errors.js';
import { notUtf8 } from '../categories/decode.js';
import { CHAR, WORDS } from './characters.js';
import { readNumber } from './number.js';
import { shownValue, unexpectedByte } from './shown.js';
import { endOfText, textIn } from './text.js';

/** Deeper than any tensor or request: lists and objects within each other. */
const MAX_DEPTH = 64;

export class JsonScanner {
  readonly #bytes: Uint8Array;
  /** How messages name the text: `request row 3`. */
  readonly #place: () => string;
  readonly #code: 'E_REQUEST_BODY' | 'E_DATA_FORMAT';
  #end: number;
  #at = 0;
  /** Where the last number began. */
  #cellAt = 0;
  #depth = 0;
  /** For `skip`: by depth, whether what is open is an object. */
  readonly #isObject = new Uint8Array(MAX_DEPTH + 1);

  /** @param code of the error for what is no JSON */
  constructor(bytes: Uint8Array, place: () => string, code: 'E_REQUEST_BODY' | 'E_DATA_FORMAT') {
    this.#bytes = bytes;
    this.#place = place;
    this.#code = code;
    this.#end = bytes.length;
  }

  /** Continues with the text in [start, end). */
  within(start: number, end: number): void {
    this.#at = start;
    this.#end = end;
    this.#depth = 0;
  }

  /** The next character that is no blank, which stays; -1 at the end. */
  peek(): number {
    let at = this.#at;
    let char = -1;
    while (at < this.#end) {
      char = this.#bytes[at]!;
      if (char > 0x20 || (char !== 0x20 && char !== 0x0a && char !== 0x0d && char !== 0x09)) break;
      at++;
    }
    this.#at = at;
    return at < this.#end ? char : -1;
  }

  /** Whether the next value is a number. */
  isNumber(): boolean {
    const char = this.peek();
    return (char >= CHAR.zero && char <= CHAR.nine) || char === CHAR.minus;
  }

  /** Whether the next value is true or false. */
  isBoolean(): boolean {
    const char = this.peek();
    return char === CHAR.t || char === CHAR.f;
  }

  /** Whether the next value is a number, a boolean or null; then `cell` reads it. */
  isCell(): boolean {
    return this.isNumber() || WORDS[this.peek()] !== undefined;
  }

  /** Whether the next value is a text; then `text` reads it. */
  isText(): boolean {
    return this.peek() === CHAR.quote;
  }

  /** @throws ClientError E_DATA_CATEGORY when it is not UTF-8; @param where names its cell */
  text(where: () => string): string {
    const start = this.#at + 1;
    const text = this.#string();
    if (text.isWellFormed() && isUtf8(this.#bytes.subarray(start, this.#at - 1))) return text;
    throw notUtf8(where(), text);
  }

  /** A number; 1 for true and 0 for false, as NumPy and pandas have them; NaN for null. */
  cell(): number {
    const char = this.peek();
    if (char > CHAR.nine && WORDS[char] !== undefined) {
      this.#word(WORDS[char]);
      return char === CHAR.n ? Number.NaN : Number(char === CHAR.t);
    }
    const end = readNumber(this.#bytes, this.#at, this.#end);
    if (end.next < 0) throw this.#unexpected();
    this.#cellAt = this.#at;
    this.#at = end.next;
    return end.value;
  }

  /** The number that `cell` has just read, as it is written. */
  writtenCell(): string {
    return Buffer.from(this.#bytes.subarray(this.#cellAt, this.#at)).toString('latin1');
  }

  /** Reads `[` or `{`; returns whether it has content. */
  open(char: 0x5b | 0x7b): boolean {
    if (this.peek() !== char) throw this.#unexpected();
    this.#at++;
    if (++this.#depth > MAX_DEPTH) throw this.#tooDeep();
    return !this.#close(char + 2);
  }

  /** Behind an element of what `char` opened: takes a comma, or the end. Whether another element follows. */
  more(char: 0x5b | 0x7b): boolean {
    if (this.peek() === CHAR.comma) {
      this.#at++;
      return true;
    }
    if (this.#close(char + 2)) return false;
    throw this.#unexpected();
  }

  /** The key of an object's member, with its colon. */
  key(): string {
    const key = this.#string();
    this.#colon();
    return key;
  }

  /** Takes the key if it is written as `key`, with quotes: so no text is made of it. Whether it was. */
  takesKey(key: Uint8Array): boolean {
    this.peek();
    const start = this.#at;
    if (this.#end - start < key.length) return false;
    for (let i = 0; i < key.length; i++) if (this.#bytes[start + i] !== key[i]) return false;
    this.#at += key.length;
    this.#colon();
    return true;
  }

  /** Moves behind any value; returns where it begins. */
  skip(): number {
    this.peek();
    const start = this.#at;
    const base = this.#depth;
    do {
      const char = this.peek();
      let isOpened = false;
      if (char === CHAR.openList || char === CHAR.openObject) {
        isOpened = this.open(char);
        if (isOpened) this.#isObject[this.#depth] = char === CHAR.openObject ? 1 : 0;
      } else if (char === CHAR.quote) this.#skipText();
      else this.cell();
      if (isOpened) {
        if (this.#isObject[this.#depth] === 1) this.#skipKey();
        continue;
      }
      while (this.#depth > base) {
        const isObject = this.#isObject[this.#depth] === 1;
        if (this.more(isObject ? CHAR.openObject : CHAR.openList)) {
          if (isObject) this.#skipKey();
          break;
        }
      }
    } while (this.#depth > base);
    return start;
  }

  /** The text of the next value as messages show it, cut; the value is taken. */
  shown(): string {
    if (this.peek() < 0) return 'nothing';
    const start = this.skip();
    return this.shownFrom(start);
  }

  /** The text from `start` to here as messages show it. */
  shownFrom(start: number): string {
    return shownValue(this.#bytes, start, this.#at);
  }

  /** @throws ClientError unless nothing but blanks follows */
  finish(): void {
    if (this.peek() >= 0) throw this.#unexpected();
  }

  /** Goes back to a value of the list that is open. @param position of it, as `position` said */
  rewind(position: number): void {
    this.#at = position;
  }

  get position(): number {
    return this.#at;
  }

  #colon(): void {
    if (this.peek() !== CHAR.colon) throw this.#unexpected();
    this.#at++;
  }

  #close(char: number): boolean {
    if (this.peek() !== char) return false;
    this.#at++;
    this.#depth--;
    return true;
  }

  #word(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.#at + i >= this.#end || this.#bytes[this.#at + i] !== word.charCodeAt(i)) throw this.#unexpected();
    }
    this.#at += word.length;
  }

  #string(): string {
    const start = this.#skipText();
    return textIn(this.#bytes, start, this.#at - 1);
  }

  #skipKey(): void {
    this.#skipText();
    this.#colon();
  }

  /** Moves behind a text; returns where it begins, behind its quote. */
  #skipText(): number {
    if (this.peek() !== CHAR.quote) throw this.#unexpected();
    const start = this.#at + 1;
    const end = endOfText(this.#bytes, start, this.#end);
    this.#at = end < 0 ? ~end : end + 1;
    if (end < 0) throw this.#unexpected();
    return start;
  }

  #unexpected(): ClientError {
    return new ClientError(this.#code, `${this.#place()}: ${unexpectedByte(this.#bytes, this.#at, this.#end)}`);
  }

  #tooDeep(): ClientError {
    return new ClientError(
      this.#code,
      `${this.#place()}: JSON lists and objects may be nested at most ${MAX_DEPTH} deep; received more at byte ${this.#at}.`,
    );
  }
}
