// Judges what was published with Node's own crypto: checkpoints, tree, growth, an event's inclusion, all signatures.
// node judge.mjs FOLDER [NODE_MODULES]: with the last, the checkpoint's ML-DSA-44 signature as well.
// Prints one JSON object; what does not hold is named in `bad`. Shares nothing with the product.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, modules] = process.argv.slice(2);
const exported = join(folder, "export");
const bad = [];
const check = (holds, what) => { if (!holds && !bad.includes(what)) bad.push(what); };
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (entry) => sha256(Buffer.from([0]), entry);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);
const ed25519 = (key) => createPublicKey({
  key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]), format: "der", type: "spki",
});

// A vkey is name+hex id+base64(type, key); a signed note is text, a blank line, lines "— name base64(id, signature)".
function vkey(text) {
  const [name, id16, ...rest] = text.split("+");
  const bytes = Buffer.from(rest.join("+"), "base64");
  const id = sha256(Buffer.from(name + "\n"), bytes).subarray(0, 4);
  check(id.toString("hex") === id16, "key id");
  return { name, type: bytes[0], key: bytes.subarray(1), id };
}
function note(data) {
  const end = data.lastIndexOf("\n\n");
  const lines = data.subarray(end + 2).toString().split("\n").slice(0, -1).map((line) => {
    const [, name, field] = line.split(" ");
    const bytes = Buffer.from(field, "base64");
    return { name, id: bytes.subarray(0, 4), field: bytes.subarray(4) };
  });
  return { text: data.subarray(0, end + 1), lines };
}
const lineOf = (opened, key) => opened.lines.find((line) => line.name === key.name && line.id.equals(key.id));
const signedBy = (opened, key) => {
  const line = lineOf(opened, key);
  return line !== undefined && verify(null, opened.text, ed25519(key.key), line.field);
};

// RFC 6962 section 2.1.
function treeRoot(hashes) {
  if (hashes.length === 1) return hashes[0];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(treeRoot(hashes.slice(0, split)), treeRoot(hashes.slice(split)));
}
// RFC 9162 section 2.1.3.2.
function rootFromPath(leaf, index, size, path) {
  let [node, place, last] = [leaf, index, size - 1];
  for (const sibling of path) {
    if (last === 0) return Buffer.alloc(0);
    if (place % 2 === 1 || place === last) {
      node = nodeHash(sibling, node);
      while (place % 2 === 0 && place !== 0) { place = Math.floor(place / 2); last = Math.floor(last / 2); }
    } else node = nodeHash(node, sibling);
    place = Math.floor(place / 2); last = Math.floor(last / 2);
  }
  return last === 0 ? node : Buffer.alloc(0);
}
// RFC 9162 section 2.1.4.2: the roots of the old and of the new tree, by the same path.
function rootsFromGrowth(old, size, oldRoot, path) {
  let [place, last] = [old - 1, size - 1];
  const rest = (old & (old - 1)) === 0 ? [oldRoot, ...path] : [...path];
  while (place % 2 === 1) { place = Math.floor(place / 2); last = Math.floor(last / 2); }
  let [before, after] = [rest[0], rest[0]];
  for (const sibling of rest.slice(1)) {
    if (last === 0) return [];
    if (place % 2 === 1 || place === last) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      while (place % 2 === 0 && place !== 0) { place = Math.floor(place / 2); last = Math.floor(last / 2); }
    } else after = nodeHash(after, sibling);
    place = Math.floor(place / 2); last = Math.floor(last / 2);
  }
  return last === 0 ? [before, after] : [];
}

function tiles(kind, count) {
  const found = [];
  for (let number = 0; number * 256 < count; number++) {
    const width = Math.min(256, count - number * 256);
    const digits = String(number).padStart(3, "0");
    found.push(readFileSync(join(exported, "tile", kind, width === 256 ? digits : `${digits}.p/${width}`)));
  }
  return found;
}
function framed(data, lengthBytes) {
  const found = [];
  for (let at = 0; at < data.length;) {
    const length = data.readUIntBE(at, lengthBytes);
    found.push(data.subarray(at + lengthBytes, at + lengthBytes + length));
    at += lengthBytes + length;
  }
  return found;
}
const fixed = (data, size) => Array.from({ length: data.length / size }, (_, n) => data.subarray(n * size, (n + 1) * size));

function checkpoint(data, keys) {
  const opened = note(data);
  const [origin, size, root] = opened.text.toString().split("\n");
  const key = keys.find((one) => one.type === 1 && one.name === origin);
  check(key !== undefined && signedBy(opened, key), "checkpoint signature");
  return { opened, origin, size: Number(size), root: Buffer.from(root, "base64") };
}
async function mlDsa(point, keys) {
  const { ml_dsa44 } = await import(pathToFileURL(join(modules, "node_modules/@noble/post-quantum/ml-dsa.js")));
  const key = keys.find((one) => one.type === 6 && one.name === point.origin);
  const field = lineOf(point.opened, key).field;
  const short = (text) => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
  const sizes = Buffer.alloc(16);
  sizes.writeBigUInt64BE(BigInt(point.size), 8);
  const time = field.subarray(0, 8);
  const message = Buffer.concat([Buffer.from("subtree/v1\n\0"), short(key.name), time, short(point.origin), sizes, point.root]);
  check(ml_dsa44.verify(field.subarray(8), message, key.key), "ML-DSA-44 signature");
}
function acts(point) {
  const entries = tiles("entries", point.size).flatMap((data) => framed(data, 2));
  const hashes = tiles("0", point.size).flatMap((data) => fixed(data, 32));
  check(entries.length === point.size && entries.every((entry, n) => leafHash(entry).equals(hashes[n])), "entries");
  check(treeRoot(hashes).equals(point.root), "root");
  const actors = readFileSync(join(exported, "actor_vkeys")).toString().trim().split("\n").map(vkey);
  entries.forEach((entry, n) => {
    const opened = note(entry);
    const header = JSON.parse(opened.text.toString().split("\n")[1]);
    const kids = header.kids.map((kid) => actors.find((one) => sha256(Buffer.from([one.type]), one.key).toString("base64") === kid));
    check(kids.length === opened.lines.length && kids.every((key) => key && signedBy(opened, key)), `act ${n} signature`);
  });
  return entries.length;
}
function growth(point, keys) {
  const earlier = checkpoint(readFileSync(join(folder, "earlier")), keys);
  const path = readFileSync(join(folder, "consistency")).toString().trim().split("\n").map((line) => Buffer.from(line, "base64"));
  const [before, after] = rootsFromGrowth(earlier.size, point.size, earlier.root, path);
  check(before?.equals(earlier.root) && after.equals(point.root), "consistency");
}
function proof(keys) {
  const data = readFileSync(join(folder, "event.tlog-proof"));
  const gap = data.indexOf("\n\n");
  const [head, extraLine, indexLine, ...path] = data.subarray(0, gap).toString().split("\n");
  check(head === "c2sp.org/tlog-proof@v1", "proof head");
  const point = checkpoint(data.subarray(gap + 2), keys);
  const extra = Buffer.from(extraLine.slice(6), "base64");
  const act = extra.subarray(2, 2 + extra.readUInt16BE(0));
  let rest = extra.subarray(2 + act.length);
  const [eventIndex, count] = [rest.readUInt32BE(0), rest[4]];
  const inner = fixed(rest.subarray(5, 5 + 32 * count), 32);
  rest = rest.subarray(5 + 32 * count);
  const event = rest.subarray(4, 4 + rest.readUInt32BE(0));
  const header = JSON.parse(note(act).text.toString().split("\n")[1]);
  const index = Number(indexLine.slice(6));
  const outer = path.map((line) => Buffer.from(line, "base64"));
  check(rootFromPath(leafHash(act), index, point.size, outer).equals(point.root), "act's inclusion");
  check(rootFromPath(leafHash(event), eventIndex, header.events, inner).toString("base64") === header.root, "event's inclusion");
}

const trust = JSON.parse(readFileSync(join(folder, "trust.json")));
const keys = trust.vkeys.map(vkey);
const point = checkpoint(readFileSync(join(exported, "checkpoint")), keys);
if (modules) await mlDsa(point, keys);
const judged = acts(point);
growth(point, keys);
proof(keys);
console.log(JSON.stringify({ origin: point.origin, size: point.size, acts: judged, bad }));
process.exit(bad.length ? 1 : 0);
