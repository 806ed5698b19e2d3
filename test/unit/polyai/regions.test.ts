import { REGIONS } from "../../../src/facts.js";
import { baseUrlProblem, regionUrl } from "../../../src/polyai/regions.js";
import { at } from "./server.js";

it("knows the four regions' hosts", () => {
  expect(REGIONS.map(regionUrl)).toEqual([
    "https://api.us.poly.ai",
    "https://api.uk.poly.ai",
    "https://api.eu.poly.ai",
    "https://api.studio.poly.ai",
  ]);
});

it.each([
  ["https://api.us.poly.ai", "https://api.us.poly.ai/"],
  ["HTTPS://Proxy.Example:8443/polyai/", "https://proxy.example:8443/polyai/"],
  ["http://localhost:8787", "http://localhost:8787/"],
  ["http://127.0.0.1", "http://127.0.0.1/"],
  ["http://127.9.8.7:1", "http://127.9.8.7:1/"],
  ["http://127.1", "http://127.0.0.1/"],
  ["http://[::1]:80/x", "http://[::1]/x"],
])("takes %s", (text, href) => {
  expect(baseUrlProblem(text)).toBeUndefined();
  expect(at(text).url.href).toBe(href);
});

it.each([
  ["", /must be an http or https URL/],
  ["api.us.poly.ai", /must be an http or https URL/],
  ["https://", /must be an http or https URL/],
  [" https://a.example", /must be an http or https URL/],
  ["https:api.us.poly.ai", /must be an http or https URL/],
  ["https:///path", /must be an http or https URL/],
  ["https://a.example\\@b.example", /must be an http or https URL/],
  ["https://a b", /must be an http or https URL/],
  ["https://a.example\n", /must be an http or https URL/],
  ["https:\\\\a.example", /must be an http or https URL/],
  ["https://[::1", /must be an http or https URL/],
  ["ftp://a.example", /must be an http or https URL/],
  ["https://user:hunter2@a.example", /no user name and no password/],
  ["https://@a.example", /no user name and no password/],
  ["https://a.example?key=hunter2", /no query .* and no fragment/],
  ["https://a.example/?", /no query .* and no fragment/],
  ["https://a.example/#", /no query .* and no fragment/],
  ["https://a.example:0", /port 0/],
  ["http://api.us.poly.ai", /must begin with https: .* not to api\.us\.poly\.ai/],
  ["http://127.0.0.1.example.com", /must begin with https/],
  ["http://localhost.example.com", /must begin with https/],
  ["http://0.0.0.0", /must begin with https/],
  ["http://10.0.0.1", /must begin with https/],
])("refuses %j with a sentence that quotes no credentials", (text, message) => {
  expect(baseUrlProblem(text)).toMatch(message);
  expect(baseUrlProblem(text)).not.toContain("hunter2");
  expect(() => at(text)).toThrow(message);
});
