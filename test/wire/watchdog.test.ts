import {expect} from '@open-wc/testing';

import {Watchdog} from '../../src/wire/watchdog.js';
import {installClock, type Clock} from '../helpers/clock.js';

describe('watchdog', () => {
  let clock: Clock;
  let calls: number[];
  const record = () => void calls.push(clock.now);
  beforeEach(() => {
    clock = installClock();
    calls = [];
  });

  it('calls back once, when the time is over and not before', async () => {
    new Watchdog(60_000, record);

    await clock.advance(59_999);
    expect(calls).to.deep.equal([]);
    await clock.advance(1);
    expect(calls).to.deep.equal([60_000]);
    await clock.advance(600_000);
    expect(calls).to.deep.equal([60_000]);
    expect(clock.timers).to.deep.equal([]);
  });

  it('counts from the last activity, without a new timer for each', async () => {
    const watchdog = new Watchdog(1000, record);

    for (let i = 0; i < 9; i++) {
      await clock.advance(100);
      watchdog.reset();
      expect(clock.timers).to.have.length(1);
    }
    await clock.advance(999);
    expect(calls).to.deep.equal([]);
    await clock.advance(1);
    expect(calls).to.deep.equal([1900]);
  });

  it('restarts at the moment of its end', async () => {
    const watchdog = new Watchdog(1000, record);
    await clock.advance(999);
    watchdog.reset();

    await clock.advance(999);
    expect(calls).to.deep.equal([]);
    await clock.advance(1);
    expect(calls).to.deep.equal([1999]);
  });

  it('calls nothing and keeps no timer after it is stopped', async () => {
    const watchdog = new Watchdog(1000, record);
    await clock.advance(500);

    watchdog.stop();

    expect(clock.timers).to.deep.equal([]);
    await clock.advance(100_000);
    expect(calls).to.deep.equal([]);
  });

  it('without end, it sets no timer', async () => {
    const watchdog = new Watchdog(Infinity, record);

    watchdog.reset();

    expect(clock.timers).to.deep.equal([]);
    await clock.advance(1e9);
    expect(calls).to.deep.equal([]);
  });

  it('calls back at once for no time at all, but not before the caller continues', async () => {
    new Watchdog(0, record);

    expect(calls).to.deep.equal([]);
    await clock.advance(0);
    expect(calls).to.deep.equal([0]);
  });

  it('a timer that is late by more than a second gives the data that arrived meanwhile five more, once', async () => {
    new Watchdog(1000, record);

    clock.suspend(1000 + 1001);
    await clock.advance(4999);
    expect(calls).to.deep.equal([]);
    await clock.advance(1);
    expect(calls).to.deep.equal([2001 + 5000]);
  });

  it('a timer that is late by a second at most is only late', async () => {
    new Watchdog(1000, record);

    clock.suspend(1000 + 1000);
    await clock.advance(0);

    expect(calls).to.deep.equal([2000]);
  });

  it('a second suspension without data between gives no more time', async () => {
    new Watchdog(1000, record);
    clock.suspend(10_000);
    await clock.advance(0);

    clock.suspend(10_000);
    await clock.advance(0);

    expect(calls).to.deep.equal([20_000]);
  });

  it('after data, a second suspension gives it again', async () => {
    const watchdog = new Watchdog(1000, record);
    clock.suspend(10_000);
    await clock.advance(0);
    watchdog.reset();
    await clock.advance(5000);
    expect(calls, 'nothing came for the time after the data').to.deep.equal([15_000]);

    calls = [];
    const other = new Watchdog(1000, record);
    clock.suspend(10_000);
    await clock.advance(0);
    other.reset();
    clock.suspend(10_000);
    await clock.advance(4999);
    expect(calls).to.deep.equal([]);
    await clock.advance(1);
    expect(calls).to.have.length(1);
  });
});
