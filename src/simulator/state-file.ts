import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import type { Account, StoredEndpoint, StoredRule } from "./model.js";
import { stateFileSchema } from "./schemas.js";
import { validatorOf } from "./validation.js";

interface SavedAccount {
  readonly endpoints: readonly StoredEndpoint[];
  readonly rules: readonly StoredRule[];
  readonly metrics: Readonly<Record<string, number>>;
}

interface SavedState {
  readonly version: 1;
  readonly accounts: Record<string, SavedAccount>;
}

function parse(path: string, text: string): SavedState {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON, so it is no state file of this simulator`);
  }
  const validate = validatorOf(stateFileSchema);
  if (!validate(state)) {
    const [error] = validate.errors ?? [];
    throw new Error(
      `${path} is no state file of this simulator: ${error?.instancePath} ${error?.message}`,
    );
  }
  return state as SavedState;
}

function fill(account: Account, saved: SavedAccount | undefined): void {
  if (saved === undefined) return;
  for (const stored of saved.endpoints) account.endpoints.set(stored.endpoint.id, stored);
  for (const stored of saved.rules) account.rules.set(stored.rule.id, stored);
  for (const [key, value] of Object.entries(saved.metrics)) account.metrics.set(key, value);
}

function savedForm({ endpoints, rules, metrics }: Account): SavedAccount {
  return {
    endpoints: [...endpoints.values()],
    rules: [...rules.values()],
    metrics: Object.fromEntries(metrics),
  };
}

/** Accounts in a file, written whole or not at all, readable by its owner only. */
export class StateFile {
  private next: Promise<void> | undefined;
  private current: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly accounts: readonly Account[],
    /** Accounts of the file that this run was not given; they are kept as they are. */
    private readonly others: SavedState["accounts"],
  ) {}

  /**
   * Fills the accounts with what the file holds. A file that does not exist holds nothing.
   *
   * @throws Error if the file is none that a simulator wrote; the message quotes nothing of it
   */
  static open(path: string, accounts: readonly Account[]): StateFile {
    const saved = existsSync(path) ? parse(path, readFileSync(path, "utf8")).accounts : {};
    const others = new Map(Object.entries(saved));
    for (const account of accounts) {
      fill(account, others.get(account.name));
      others.delete(account.name);
    }
    return new StateFile(path, accounts, Object.fromEntries(others));
  }

  /**
   * Settles when every change made before this call is in the file. Calls that come while a write
   * runs share the next one, so many changes at once cost few writes.
   */
  save(): Promise<void> {
    this.next ??= this.current
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        this.current = this.write();
        return this.current;
      });
    return this.next;
  }

  private async write(): Promise<void> {
    const accounts = { ...this.others };
    for (const account of this.accounts) accounts[account.name] = savedForm(account);
    const text = `${JSON.stringify({ version: 1, accounts }, undefined, 2)}\n`;
    const draft = `${this.path}.${randomUUID()}.tmp`;
    try {
      const file = await open(draft, "wx", 0o600);
      try {
        await file.writeFile(text);
      } finally {
        await file.close();
      }
      await rename(draft, this.path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}
