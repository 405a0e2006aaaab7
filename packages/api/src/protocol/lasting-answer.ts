/**
 * Answers that last: Describe gives the same one until its record changes, and clients ask for a job again and again while
 * they wait for it. Such an answer is checked, and written as JSON, once. It goes with the record that it is made of.
 */

interface Kept {
  isChecked: boolean;
  text?: string;
}

const kept = new WeakMap<object, Kept>();

/**
 * The same answer again for the same body. One that is not frozen may change, as the store's cache does not have it: its
 * answer is made each time.
 * @param make uses nothing but the body
 */
export function lasting<Body extends object, Answer extends object>(
  make: (body: Body) => Answer,
): (body: Body) => Answer {
  const answers = new WeakMap<Body, Answer>();
  return (body) => {
    const known = answers.get(body);
    if (known !== undefined) return known;
    const answer = make(body);
    if (Object.isFrozen(body)) {
      answers.set(body, answer);
      kept.set(answer, { isChecked: false });
    }
    return answer;
  };
}

/** Runs the check, which throws, unless a lasting answer has passed it before. */
export function checkOnce(answer: object, check: () => void): void {
  const state = kept.get(answer);
  if (state?.isChecked) return;
  check();
  if (state) state.isChecked = true;
}

/** As JSON. */
export function textOf(answer: object): string {
  const state = kept.get(answer);
  if (state === undefined) return JSON.stringify(answer);
  state.text ??= JSON.stringify(answer);
  return state.text;
}
