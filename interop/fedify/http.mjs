// A loopback HTTP server in terms of WHATWG Request and Response, which is what Fedify speaks.

import { createServer } from "node:http";

/**
 * Serves `handle` on a free loopback port.
 *
 * @param {string} origin what requests are to this server, whatever their Host header says
 * @param {(request: Request) => Promise<Response>} handle
 * @returns {Promise<number>} the port
 */
export function serve(origin, handle) {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const response = await handle(await requestOf(origin, incoming));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    } catch (error) {
      console.error(error);
      outgoing.writeHead(500, { "content-type": "text/plain" });
      outgoing.end(String(error));
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}

async function requestOf(origin, incoming) {
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
  }
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const bodiless = incoming.method === "GET" || incoming.method === "HEAD";
  return new Request(new URL(incoming.url, origin), {
    method: incoming.method,
    headers,
    body: bodiless ? undefined : Buffer.concat(chunks),
  });
}

/** Which way a message is signed, read off its headers. */
export function dialectOf(headers) {
  if (headers.has("signature-input")) return "rfc9421";
  return headers.has("signature") ? "cavage" : null;
}
