// @ts-check
/**
 * performance.now, in whole milliseconds: plain V8 has no finer clock than Date (Temporal is as
 * coarse), and asking the host costs more than most of what is measured. It never goes back.
 */

const timeOrigin = Date.now();
let latest = timeOrigin;
/** What the wall clock has been set back by so far. */
let lost = 0;

export class Performance {
  get timeOrigin() {
    return timeOrigin;
  }

  now() {
    const time = Date.now() + lost;
    if (time < latest) lost += latest - time;
    else latest = time;
    return latest - timeOrigin;
  }

  toJSON() {
    return { timeOrigin };
  }

  get [Symbol.toStringTag]() {
    return 'Performance';
  }
}

export const performance = new Performance();
