import { isCallerId } from '../../ids.js';
import { integer, list, optional, textThat } from '../../readers.js';
import { FIRST_INSTANT, LAST_INSTANT } from '../../time.js';

/** Counts fit a 32-bit column; money may be any safe integer. */
export const LARGEST_COUNT = 2_147_483_647;
const MOST_ENTRIES = 10_000;

export const count = integer(1, LARGEST_COUNT);
export const amount = integer(1);
export const instant = integer(FIRST_INSTANT, LAST_INSTANT);

const callerId = textThat(isCallerId, 'must be 1 to 64 of A-Z a-z 0-9 . _ : -');
export const callerIds = optional(list(callerId, 0, MOST_ENTRIES), []);
