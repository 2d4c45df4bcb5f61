// The requests whose results must be the same through the gateway as straight from the server.
import path from "node:path";
import { EVERYTHING } from "./upstreams.mjs";

const STATIC = "demo://resource/static/document/features.md";
const TEMPLATE = "demo://resource/dynamic/text/{resourceId}";
const GRAPH = "memory://knowledge-graph";
const LONG = "Grüße 👋 \u2028 \\ \" \u0007 ".repeat(20_000);

const tool = (name, args = {}) => ({ method: "tools/call", name, params: { arguments: args } });
const prompt = (name, args = {}) => ({ method: "prompts/get", name, params: { arguments: args } });
const read = (uri) => ({ method: "resources/read", uri, params: {} });
const complete = (ref, argument, context) => ({
  method: "completion/complete",
  ref,
  params: { argument, ...(context && { context: { arguments: context } }) },
});

const department = { name: "department", value: "S" };
const lead = { name: "name", value: "" };
const completable = { type: "ref/prompt", name: "completable-prompt" };

const everything = () => [
  tool("echo", { message: "hello" }),
  tool("echo", { message: LONG }),
  tool("echo", { message: 42 }),
  tool("echo"),
  tool("get-sum", { a: 0.1, b: 1e21 }),
  tool("get-annotated-message", { messageType: "error", includeImage: true }),
  tool("get-structured-content", { location: "Chicago" }),
  tool("get-structured-content", { location: "Nowhere" }),
  tool("get-tiny-image"),
  tool("get-resource-links", { count: 4 }),
  tool("get-resource-reference", { resourceType: "Text", resourceId: 3 }),
  tool("trigger-elicitation-request"),
  tool("trigger-sampling-request", { prompt: "what is six times seven?", maxTokens: 11 }),
  prompt("simple-prompt"),
  prompt("args-prompt", { city: "Köln", state: "NRW" }),
  prompt("args-prompt"),
  prompt("completable-prompt", { department: "Sales", name: "Eve" }),
  prompt("resource-prompt", { resourceType: "Text", resourceId: "5" }),
  prompt("resource-prompt", { resourceType: "Nothing", resourceId: "5" }),
  read(STATIC),
  read("demo://resource/dynamic/text/7"),
  read("demo://resource/dynamic/blob/7"),
  complete(completable, department),
  complete(completable, lead, { department: "Marketing" }),
  complete({ type: "ref/resource", uri: TEMPLATE }, { name: "resourceId", value: "12" }),
];

const files = (data) => [
  tool("list_allowed_directories"),
  tool("list_directory", { path: data }),
  tool("directory_tree", { path: data }),
  tool("read_text_file", { path: path.join(data, "grüße.txt") }),
  tool("read_multiple_files", { paths: ["hello.txt", "none.txt"].map((f) => path.join(data, f)) }),
  tool("read_text_file", { path: path.join(data, "deep/er/numbers.json"), head: 1 }),
  tool("read_text_file", { path: "/etc/passwd" }),
  tool("read_text_file", {}),
  tool("search_files", { path: data, pattern: "**/*.json" }),
];

const entity = (name) => ({ name, entityType: "server", observations: ["one", "zwei 👋"] });
const memory = () => [
  tool("read_graph"),
  tool("create_entities", { entities: [entity("alpha"), entity("beta")] }),
  tool("create_relations", {
    relations: [{ from: "alpha", to: "beta", relationType: "knows" }],
  }),
  tool("add_observations", { observations: [{ entityName: "alpha", contents: ["three"] }] }),
  tool("add_observations", { observations: [{ entityName: "none", contents: ["x"] }] }),
  tool("search_nodes", { query: "zwei" }),
  tool("open_nodes", { names: ["beta"] }),
  read(GRAPH),
  tool("delete_entities", { entityNames: ["alpha", "beta"] }),
  tool("read_graph"),
];

const time = () => [
  tool("convert_time", {
    source_timezone: "Europe/Berlin",
    time: "16:30",
    target_timezone: "Asia/Kathmandu",
  }),
  tool("convert_time", { source_timezone: "Mars/Base", time: "1:00", target_timezone: "UTC" }),
  tool("convert_time", { source_timezone: "UTC" }),
  tool("get_current_time", { timezone: "Pacific/Auckland" }),
];

export function catalogue(server, data) {
  if (EVERYTHING.includes(server)) return everything();
  return { files: () => files(data), memory, time }[server]();
}

/** The same request as a route's client has to write it. */
export function addressed(route, server, { method, name, uri, ref, params }) {
  const target = {
    ...(name && { name: route.tool(server, name) }),
    ...(uri && { uri: route.uri(server, uri) }),
    ...(ref?.name && { ref: { ...ref, name: route.tool(server, ref.name) } }),
    ...(ref?.uri && { ref: { ...ref, uri: route.uri(server, ref.uri) } }),
  };
  return { method, params: { ...target, ...params } };
}

/** A result, or the error that came instead of one, without what differs from run to run. */
export async function outcome(route, server, request) {
  const { method, params } = addressed(route, server, request);
  try {
    return normal(route, server, await route.peer(server).request(method, params));
  } catch (error) {
    if (!Number.isInteger(error.code)) throw error;
    return normal(route, server, { error: pick(error, ["code", "message", "data"]) });
  }
}

const pick = (object, keys) => Object.fromEntries(keys.map((key) => [key, object[key]]));

const CLOCK = /\d{1,2}:\d\d:\d\d(?: [AP]M)?/g;

// A clock reading differs from run to run, and a routed error may tell the name as routed.
function normal(route, server, value, key) {
  if (typeof value === "string") {
    const plain = key === "blob" ? Buffer.from(value, "base64").toString("latin1") : value;
    const wrapper = `watchgate://${server}/`;
    if (key === "uri" && plain.startsWith(wrapper)) {
      return decodeURIComponent(plain.slice(wrapper.length));
    }
    const unrouted = key === "message" ? plain.replaceAll(route.tool(server, ""), "") : plain;
    return unrouted.replace(CLOCK, "<clock>");
  }
  if (Array.isArray(value)) return value.map((item) => normal(route, server, item));
  if (value === null || typeof value !== "object") return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.map(([name, item]) => [name, normal(route, server, item, name)]));
}
