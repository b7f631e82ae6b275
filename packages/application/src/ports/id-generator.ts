export interface IdGenerator {
  /** A new UUIDv7, lower case: ids that are made later sort later. */
  next(): string;
}
