import { type ObjectValue } from "../../src/plugin/cty/value.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { ALICE, BOB } from "../support/age.js";
import { ciphertextIn, SecretStory, TYPE } from "./secret-story.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => {
  delete process.env["POLYAI_AGE_IDENTITY"];
});
afterAll(() => simulator.close());

describe("the ephemeral resource", () => {
  const sealed = async (): Promise<{ story: SecretStory; file: string }> => {
    const story = await SecretStory.begin(simulator);
    const state = await story.apply({ encrypt_to: [ALICE.recipient] });
    return { story, file: ciphertextIn(state) };
  };

  it("opens the ciphertext, and asks the API nothing", async () => {
    const { story, file } = await sealed();
    simulator.clearRequests();
    const opened = await story.host.openEphemeral(TYPE, {
      encrypted_signing_secret: file,
      identity: `# alice\n${ALICE.identity}\n`,
    });
    expect(opened.diagnostics).toEqual([]);
    expect(opened.result?.["signing_secret"]).toBe(story.current());
    expect(simulator.requests).toEqual([]);
  });

  it.each<[string, (file: string) => ObjectValue, string]>([
    ["a wrong identity", () => ({ identity: BOB.identity }), "Wrong age identity"],
    ["no identity", () => ({}), "Missing age identity"],
    ["a recipient as identity", () => ({ identity: ALICE.recipient }), "Invalid identity"],
    [
      "a cut armor",
      (file) => ({ encrypted_signing_secret: file.slice(0, -60), identity: ALICE.identity }),
      "Invalid encrypted_signing_secret",
    ],
    [
      "what is no armor",
      () => ({ encrypted_signing_secret: "whsec_oops", identity: ALICE.identity }),
      "Invalid encrypted_signing_secret",
    ],
  ])("says what is wrong with %s, and shows none of it", async (_, change, summary) => {
    const { story, file } = await sealed();
    const config = { encrypted_signing_secret: file, ...change(file) };
    const { diagnostics, result } = await story.host.openEphemeral(TYPE, config);
    expect(result).toBeNull();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: "error", summary });
    const said = JSON.stringify(diagnostics);
    for (const given of Object.values(config)) expect(said).not.toContain(given);
    for (const key of [ALICE, BOB]) expect(said).not.toContain(key.identity);
  });

  it("names the variable whose identity is wrong", async () => {
    const { story, file } = await sealed();
    process.env["POLYAI_AGE_IDENTITY"] = BOB.identity;
    const { diagnostics } = await story.host.openEphemeral(TYPE, {
      encrypted_signing_secret: file,
    });
    expect(diagnostics[0]?.detail).toContain("It comes from POLYAI_AGE_IDENTITY.");
  });
});
