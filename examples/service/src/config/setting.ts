/** One environment variable: everything the program and its documentation know about it. */
export interface Setting<Value> {
  readonly variable: string;
  /** What counts when the variable is not set or empty; null = nothing. */
  readonly fallback: string | null;
  readonly about: string;
  /** Never repeated in a message. */
  readonly secret: boolean;
  read(text: string): Value;
}

type Reader<Value> = (text: string) => Value;

export const setting = <Value>(
  variable: string,
  fallback: string,
  read: Reader<Value>,
  about: string,
): Setting<Value> => ({
  variable,
  fallback,
  about,
  secret: false,
  read,
});

export const optional = <Value>(
  variable: string,
  read: Reader<Value>,
  about: string,
  secret = false,
): Setting<Value | null> => ({ variable, fallback: null, about, secret, read });
