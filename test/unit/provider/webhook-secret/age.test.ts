import {
  ageRecipient,
  decrypt,
  DecryptionError,
  encryptorFor,
  noMixedRecipients,
  parseArmor,
  parseIdentities,
} from "../../../../src/provider/webhook-secret/age.js";
import type { ObjectValue } from "../../../../src/plugin/cty/value.js";
import { age, ALICE, newKey, type Key } from "../../../support/age.js";
import { Host } from "../../../support/host.js";

// From the age specification's test vectors: a recipient of which nobody needs the identity.
const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
// The all-zero point: well formed, and of low order.
const LOW_ORDER = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z";

let classic: Key;
let postQuantum: Key;
beforeAll(async () => {
  classic = await newKey();
  postQuantum = await newKey("post-quantum");
});

const reason = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof DecryptionError) return thrown.reason;
    throw thrown;
  }
  throw new Error("nothing was thrown");
};

it("the library is not loaded by a provider that encrypts nothing", async () => {
  await jest.isolateModulesAsync(async () => {
    let loaded = 0;
    jest.doMock("age-encryption", () => {
      loaded += 1;
      return age;
    });
    const { provider } =
      require("../../../../src/provider/provider.js") as typeof import("../../../../src/provider/provider.js");
    const { createProviderServer } =
      require("../../../../src/plugin/server/server.js") as typeof import("../../../../src/plugin/server/server.js");
    const host = await Host.start(createProviderServer(provider));
    const validate = (config: ObjectValue) =>
      host.validate("polyai_webhook_secret", { endpoint_id: "whe_1", ...config });
    expect([await validate({}), loaded]).toEqual([[], 0]);
    expect([await validate({ encrypt_to: [RECIPIENT] }), loaded]).toEqual([[], 1]);
  });
  jest.dontMock("age-encryption");
});

it("a recipient is what age-keygen makes, and all are of one kind", () => {
  for (const recipient of [RECIPIENT, classic.recipient, postQuantum.recipient, LOW_ORDER]) {
    expect(ageRecipient(recipient)).toBeUndefined();
  }
  expect(noMixedRecipients([RECIPIENT, classic.recipient])).toBeUndefined();
  expect(noMixedRecipients([postQuantum.recipient])).toBeUndefined();
  expect(noMixedRecipients([postQuantum.recipient, RECIPIENT])).toContain("must not mix");
});

it.each([
  ["empty", "", /age1….*quantum\)\.$/],
  ["a word", "alice", /quantum\)\.$/],
  ["with a wrong letter", RECIPIENT.replace("ql3z", "ql3x"), /wrong or missing/],
  ["cut", RECIPIENT.slice(0, -1), /wrong or missing/],
  ["with a space", `${RECIPIENT} `, /wrong or missing/],
  ["with a name", `alice=${RECIPIENT}`, /quantum\)\.$/],
  ["in capitals", RECIPIENT.toUpperCase(), /quantum\)\.$/],
  ["an SSH key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA", /SSH keys are not supported/],
  ["a sentence on an SSH key", "not-ssh-ed25519", /quantum\)\.$/],
  ["an identity", ALICE.identity, /private half/],
  ["an identity file", `# of Alice\n${ALICE.identity}\n`, /private half/],
])("what is %s is no recipient, and is not quoted", (_, value, words) => {
  const problem = ageRecipient(value);
  expect(problem).toMatch(words);
  if (value.length > 5) expect(problem).not.toContain(value);
});

describe("an identity file", () => {
  it("may have comments, empty lines, spaces and CRLF", () => {
    const file = `# created: 2026-11-24\r\n# public key: ${classic.recipient}\r\n\r\n ${classic.identity} \r\n${postQuantum.identity}\n`;
    expect(parseIdentities(file)).toEqual([classic.identity, postQuantum.identity]);
  });

  it.each<[string, () => string]>([
    ["nothing", () => ""],
    ["a recipient", () => classic.recipient],
    ["a cut identity", () => classic.identity.slice(0, -1)],
    ["one good line and one bad", () => `${classic.identity}\nAGE-SECRET-KEY-1XYZ`],
    ["a plugin's identity", () => "AGE-PLUGIN-YUBIKEY-1XYZ"],
  ])("is none with %s", async (_, file) => {
    expect(await reason(() => parseIdentities(file()))).toBe("identity malformed");
  });
});

describe("decryption", () => {
  const sealed = async (recipient = classic.recipient): Promise<string> =>
    (await encryptorFor([recipient]))("the secret");

  it("takes any of the identities, and line ends as a console or an editor leaves them", async () => {
    const file = `\r\n${(await sealed()).replaceAll("\n", "\r\n")}\r\n`;
    expect(await decrypt(file, [ALICE.identity, classic.identity])).toBe("the secret");
  });

  const flipped = (file: string): string => {
    const bytes = age.armor.decode(file);
    bytes[bytes.length - 1]! ^= 1;
    return age.armor.encode(bytes);
  };
  const locked = async (): Promise<string> => {
    const encrypter = new age.Encrypter();
    encrypter.setScryptWorkFactor(2);
    encrypter.setPassphrase("correct horse");
    return age.armor.encode(await encrypter.encrypt("the secret"));
  };

  it.each<[string, string, (file: string) => string | Promise<string>]>([
    ["something that is no age file", "not armored", () => "hello"],
    ["an armor with words before it", "not armored", (file) => `secret: ${file}`],
    ["an armor without its end", "damaged", (file) => `\n${file.slice(0, 200)}`],
    ["an armor of something else", "damaged", () => age.armor.encode(Buffer.from("hello\n"))],
    ["a changed byte", "damaged", flipped],
    ["a file with a passphrase", "passphrase", locked],
    ["a file for somebody else", "no match", () => sealed(ALICE.recipient)],
  ])("says of %s: %s", async (_, expected, change) => {
    const file = await change(await sealed());
    expect(await reason(() => decrypt(file, [classic.identity]))).toBe(expected);
  });

  it("is not needed to see that an armor holds something else", async () => {
    expect(await reason(() => parseArmor(age.armor.encode(Buffer.from("hello\n"))))).toBe(
      "damaged",
    );
  });
});
