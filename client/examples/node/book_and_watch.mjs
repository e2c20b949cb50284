#!/usr/bin/env node
// Books an asset, takes an alternative if it must, and follows what happens to it.
//
//   book_and_watch.mjs ASSET START HOURS [--site SITE] [--server TARGET] [--events N]
//
// START is RFC 3339 with an offset, such as 2027-03-01T09:00:00+01:00. The
// token, if one is needed, comes from LABSLOT_TOKEN.

import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// require, and not import, so that NODE_PATH may say where the packages are.
const require = createRequire(import.meta.url);
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const PROTOS = process.env.LABSLOT_PROTOS ?? fileURLToPath(new URL('../../../proto', import.meta.url));

// The services and messages, read from the .proto files at run time. int64 comes
// as a string, because a number of JavaScript has only 53 bits.
const packages = grpc.loadPackageDefinition(
  protoLoader.loadSync(
    ['admin_service', 'change_service', 'refusal', 'reservation_service']
      .map((name) => `labslot/v1/${name}.proto`)
      .concat('google/rpc/status.proto'),
    { includeDirs: [PROTOS], keepCase: true, longs: String, enums: String, defaults: true },
  ),
);
const { v1 } = packages.labslot;

// The daemon is away, or went away: gRPC cancels what reaches it on its way down.
const AWAY = [grpc.status.UNAVAILABLE, grpc.status.CANCELLED];
// Codes that leave open whether the daemon did it. Asking again with the same
// request_id is safe: it is done once.
const UNKNOWN_OUTCOME = [...AWAY, grpc.status.DEADLINE_EXCEEDED];
const ATTEMPTS = 8;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: 'string', default: '' },
    user: { type: 'string', default: '' },
    server: { type: 'string', default: 'localhost:7443' },
    events: { type: 'string', default: '0' },
  },
});
const [asset, start, hours] = positionals;
if (!hours || Number.isNaN(Date.parse(start))) {
  console.error('usage: book_and_watch.mjs ASSET START HOURS [--site SITE] [--server TARGET]');
  process.exit(2);
}

const metadata = new grpc.Metadata();
if (process.env.LABSLOT_TOKEN) {
  metadata.set('authorization', `Bearer ${process.env.LABSLOT_TOKEN}`);
}
// Beyond this machine: grpc.credentials.createSsl().
const channel = [options.server, grpc.credentials.createInsecure(), {
  // The path of a unix socket is no authority that servers accept.
  'grpc.default_authority': 'localhost',
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5000,
}];
const admin = new v1.AdminService(...channel);
const reservations = new v1.ReservationService(...channel);
const changes = new v1.ChangeService(...channel);

// One unary call as a promise, with a deadline.
const call = (client, method, request) =>
  new Promise((resolve, reject) => {
    const deadline = Date.now() + 10_000;
    client[method](request, metadata, { deadline }, (error, reply) =>
      error ? reject(error) : resolve(reply));
  });

// Books, once, however often the request must be sent.
async function create(reservation) {
  const request = { reservation, request_id: randomUUID() };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(reservations, 'CreateReservation', request);
    } catch (error) {
      if (!UNKNOWN_OUTCOME.includes(error.code) || attempt === ATTEMPTS) throw error;
      await pause(Math.min(200 * 2 ** attempt, 5000));
    }
  }
}

// The typed refusal in a FAILED_PRECONDITION, or undefined.
function refusalOf(error) {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!bytes) return undefined;
  const { details } = packages.google.rpc.Status.deserialize(bytes);
  const detail = details.find((entry) => entry.type_url?.endsWith('/labslot.v1.Refusal'));
  return detail && v1.Refusal.deserialize(detail.value);
}

// Books what was asked for, or else the best alternative that is offered.
async function book(reservation) {
  for (;;) {
    try {
      return await create(reservation);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      for (const violation of refusal.violations) console.log(`refused: ${violation.message}`);
      // Somebody may be faster: then this is refused as well, and we go on.
      const [way] = refusal.alternatives;
      if (!way) throw error;
      console.log(`taking: ${way.kind} at ${iso(way.interval.start_time)}`);
      reservation = { ...reservation, items: way.items, interval: way.interval, site: way.site };
    }
  }
}

// Every event after a revision, once and in order, also over lost connections.
async function* watch(afterRevision, resources) {
  for (;;) {
    const stream = changes.Watch({ after_revision: afterRevision, resources }, metadata);
    try {
      for await (const message of stream) {
        yield* message.events;
        afterRevision = message.revision; // from here we resume
      }
    } catch (error) {
      if (!AWAY.includes(error.code)) throw error;
      await pause(200);
    } finally {
      stream.cancel();
    }
  }
}

const seconds = (milliseconds) => ({ seconds: String(Math.floor(milliseconds / 1000)) });
const iso = (timestamp) => new Date(Number(timestamp.seconds) * 1000).toISOString();

async function main() {
  // So that the watch misses nothing.
  const { revision } = await call(admin, 'GetServerInfo', {});
  const from = Date.parse(start);
  const made = await book({
    items: [{ asset }],
    site: options.site,
    user: options.user,
    purpose: 'Booked by the Node example',
    interval: { start_time: seconds(from), end_time: seconds(from + Number(hours) * 3_600_000) },
  });
  console.log(`booked: ${made.name} ${made.items[0].asset} from ${iso(made.interval.start_time)} ` +
    `to ${iso(made.interval.end_time)} (read it in ${made.time_zone})`);

  let seen = 0;
  for await (const event of watch(revision, [made.name])) {
    console.log(`event: ${event.revision} ${event.type} ${event.resource_name} by ${event.actor} ` +
      event.reason);
    seen += 1;
    if (seen === Number(options.events)) break;
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(`${grpc.status[error.code] ?? 'ERROR'}: ${error.details ?? error.message}`);
    process.exit(1);
  },
);
