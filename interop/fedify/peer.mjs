// A small fediverse server made of Fedify: one actor, `alice`, who does what the driver asks for over a control port and
// keeps a record of everything that reached her.
//
//   node peer.mjs <origin> <first knock: cavage | rfc9421>
//
// It prints one line of JSON with its two ports, logs to stderr, and ends when its standard input does.

import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import {
  Accept, Activity, Announce, Create, Endpoints, Follow, isActor, Like, Note, Person, PUBLIC_COLLECTION, Undo,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { configure, getStreamSink } from "@logtape/logtape";
import { AsyncLocalStorage } from "node:async_hooks";
import dns from "node:dns";
import { Writable } from "node:stream";
import { dialectOf, serve } from "./http.mjs";

const [origin, knock] = process.argv.slice(2);
const ALICE = "alice";

await configure({
  contextLocalStorage: new AsyncLocalStorage(),
  sinks: { stderr: getStreamSink(Writable.toWeb(process.stderr)) },
  loggers: [
    { category: "fedify", sinks: ["stderr"], lowestLevel: "info" },
    { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
  ],
});

// Names under `localhost` are loopback (RFC 6761), also where the system's resolver does not know it.
const resolve = dns.lookup;
dns.lookup = (name, ...rest) => resolve(name.endsWith(".localhost") ? "localhost" : name, ...rest);

// What happened, in order: requests that arrived, requests that were sent, and the activities Fedify verified.
const record = { arrived: [], sent: [], received: [] };
const followers = new Map();
const notes = new Map();
const undoable = new Map();

// Fedify sends every request through the global fetch: here each knock can be seen.
const fetchAsIs = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const entry = { method: request.method, url: request.url, dialect: dialectOf(request.headers), status: null };
  record.sent.push(entry);
  const response = await fetchAsIs(request);
  entry.status = response.status;
  return response;
};

const keyPairs = await Promise.all([generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), generateCryptoKeyPair("Ed25519")]);

const federation = createFederation({
  kv: new MemoryKvStore(),
  origin,
  firstKnock: knock === "cavage" ? "draft-cavage-http-signatures-12" : "rfc9421",
  allowPrivateAddress: true,
});

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (identifier !== ALICE) return null;
    const keys = await ctx.getActorKeyPairs(identifier);
    return new Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: "Alice of Fedify",
      inbox: ctx.getInboxUri(identifier),
      followers: ctx.getFollowersUri(identifier),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      publicKey: keys[0].cryptographicKey,
      assertionMethods: keys.map((key) => key.multikey),
    });
  })
  .setKeyPairsDispatcher(() => keyPairs)
  .mapHandle((_, username) => (username === ALICE ? ALICE : null));

federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({
  items: [...followers.values()].map((actor) => ({ id: actor.id, inboxId: actor.inboxId, endpoints: actor.endpoints })),
}));

federation.setObjectDispatcher(Note, "/notes/{id}", (ctx, { id }) => notes.get(ctx.getObjectUri(Note, { id }).href) ?? null);
federation.setObjectDispatcher(Follow, "/follows/{id}", (ctx, { id }) => undoable.get(ctx.getObjectUri(Follow, { id }).href)?.activity ?? null);

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(Follow, async (ctx, follow) => {
    await remember(ctx, follow);
    const follower = await follow.getActor(ctx);
    followers.set(follower.id.href, follower);
    const accept = new Accept({ id: fresh("accepts"), actor: ctx.getActorUri(ALICE), object: follow, to: follower.id });
    await ctx.sendActivity({ identifier: ALICE }, follower, accept);
  })
  .on(Undo, async (ctx, undo) => {
    await remember(ctx, undo);
    const undone = await embedded(ctx, undo);
    if (undone instanceof Follow) followers.delete(undo.actorId.href);
  })
  .on(Activity, remember)
  .onError((_, error) => console.error(error));

/** Keeps what arrived: the JSON as it came, and what Fedify makes of its object. */
async function remember(ctx, activity) {
  const json = await activity.toJsonLd();
  const object = await embedded(ctx, activity);
  record.received.push({
    json,
    type: activity.constructor.name,
    id: activity.id?.href,
    actor: activity.actorId?.href,
    object: {
      type: object?.constructor.name,
      id: activity.objectId?.href ?? object?.id?.href,
      content: object?.content?.toString(),
      attributedTo: object?.attributionId?.href,
    },
  });
}

/** The object of an activity, fetched where only its id came; null where that fails, as for something deleted. */
function embedded({ documentLoader, contextLoader }, activity) {
  return activity.getObject({ documentLoader, contextLoader, suppressError: true });
}

function fresh(kind) {
  return new URL(`/${kind}/${crypto.randomUUID()}`, origin);
}

/** What the driver can ask for: each answers with JSON, or throws. */
const controls = {
  async lookup(ctx, { resource }) {
    const found = await ctx.lookupObject(resource);
    if (found == null) throw new Error(`nothing found for ${resource}`);
    return {
      id: found.id?.href,
      type: found.constructor.name,
      username: found.preferredUsername?.toString(),
      content: found.content?.toString(),
    };
  },

  async follow(ctx, { actor }) {
    const followee = await actorAt(ctx, actor);
    return await send(ctx, followee, new Follow({ id: fresh("follows"), actor: me(ctx), object: followee.id, to: followee.id }));
  },

  async reply(ctx, { to, content }) {
    const { object, author } = await postAt(ctx, to);
    const note = write(ctx, { content, replyTarget: object.id, to: PUBLIC_COLLECTION, ccs: [author.id, ctx.getFollowersUri(ALICE)] });
    return { note: note.id.href, ...await send(ctx, author, creationOf(ctx, note), { preferSharedInbox: true }) };
  },

  async like(ctx, { object: id }) {
    const { object, author } = await postAt(ctx, id);
    return await send(ctx, author, new Like({ id: fresh("likes"), actor: me(ctx), object: object.id, to: author.id }));
  },

  async boost(ctx, { object: id }) {
    const { object, author } = await postAt(ctx, id);
    const announce = new Announce({
      id: fresh("boosts"),
      actor: me(ctx),
      object: object.id,
      published: Temporal.Now.instant(),
      to: PUBLIC_COLLECTION,
      ccs: [author.id, ctx.getFollowersUri(ALICE)],
    });
    return await send(ctx, author, announce, { preferSharedInbox: true });
  },

  async undo(ctx, { activity: id }) {
    const { activity, recipient } = undoable.get(id);
    return await send(ctx, recipient, new Undo({ id: fresh("undos"), actor: me(ctx), object: activity, to: recipient.id }));
  },

  async unfollow(ctx, { actor: id }) {
    const follow = [...undoable.values()].find(({ activity }) => activity instanceof Follow && activity.objectId.href === id);
    return await controls.undo(ctx, { activity: follow.activity.id.href });
  },

  async post(ctx, { content }) {
    const note = write(ctx, { content, to: PUBLIC_COLLECTION, cc: ctx.getFollowersUri(ALICE) });
    return { note: note.id.href, ...await send(ctx, "followers", creationOf(ctx, note), { preferSharedInbox: true }) };
  },

  state: () => ({ followers: [...followers.keys()], ...record }),
};

const me = (ctx) => ctx.getActorUri(ALICE);

function write(ctx, properties) {
  const id = ctx.getObjectUri(Note, { id: crypto.randomUUID() });
  const note = new Note({ id, attribution: me(ctx), published: Temporal.Now.instant(), mediaType: "text/html", ...properties });
  notes.set(id.href, note);
  return note;
}

function creationOf(ctx, note) {
  return new Create({
    id: new URL(`${note.id.href}#create`),
    actor: me(ctx),
    object: note,
    published: note.published,
    tos: note.toIds,
    ccs: note.ccIds,
  });
}

async function actorAt(ctx, id) {
  const actor = await ctx.lookupObject(id);
  if (!isActor(actor)) throw new Error(`${id} is not an actor`);
  return actor;
}

async function postAt(ctx, id) {
  const object = await ctx.lookupObject(id);
  if (object?.attributionId == null) throw new Error(`${id} is not a post with an author`);
  return { object, author: await actorAt(ctx, object.attributionId) };
}

/** Delivers at once and without a queue, so that a refusal is this request's answer. */
async function send(ctx, recipient, activity, options = {}) {
  undoable.set(activity.id.href, { activity, recipient });
  await ctx.sendActivity({ identifier: ALICE }, recipient, activity, options);
  return { id: activity.id.href };
}

async function control(request) {
  const name = new URL(request.url).pathname.slice(1);
  if (!Object.hasOwn(controls, name)) return Response.json({ error: `no control named ${name}` }, { status: 404 });
  try {
    return Response.json(await controls[name](federation.createContext(new URL(origin), undefined), await request.json()));
  } catch (error) {
    return Response.json({ error: String(error.message ?? error), refused: error.statusCode ?? null }, { status: 502 });
  }
}

async function federate(request) {
  const entry = {
    method: request.method,
    path: new URL(request.url).pathname,
    dialect: dialectOf(request.headers),
    status: null,
  };
  record.arrived.push(entry);
  const response = await federation.fetch(request, { contextData: undefined });
  entry.status = response.status;
  return response;
}

const ports = { federation: await serve(origin, federate), control: await serve("http://127.0.0.1", control) };
console.log(JSON.stringify(ports));
process.stdin.resume().once("close", () => process.exit());
