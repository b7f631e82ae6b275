/** Slow on purpose: what leaks can't be guessed through. */
export interface PasswordHasher {
  /** The hash with its salt and its cost in it; another one every time. */
  hash(password: string): Promise<string>;
  /** Takes the same time whatever the answer is; a hash that it can't read is no. */
  verify(password: string, hash: string): Promise<boolean>;
}

/** Tokens that nobody can guess, and the digest under which they are known. */
export interface TokenSecrets {
  /** 256 random bits as 43 characters of base64url. */
  newToken(): string;
  /** SHA-256 or as good, 64 hex digits: fast, because what it is made of can't be guessed. */
  digest(token: string): string;
}

/** Keeps what is personal from whoever reads the store, and finds it again. */
export interface PersonalData {
  /** Encrypted and authenticated with the newest key, different every time. @param context where it is stored: it opens nowhere else */
  seal(text: string, context: string): string;
  /** @throws Error for what was changed, moved to another place, or sealed with a key that is not known */
  open(sealed: string, context: string): string;
  /** A keyed digest to look texts up by: the same for the same text and key, and nothing to anybody without the key. */
  index(text: string): string;
  /** The digests of a text under every key, the newest first: what an older key has indexed is found too. */
  indexes(text: string): readonly string[];
  /** Whether the newest key has sealed it; what another one has should be sealed again. */
  isCurrent(sealed: string): boolean;
}
