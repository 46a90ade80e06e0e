// @ts-check
/**
 * The bundle: the web's globals first, since PouchDB's packages look for them while they load,
 * then PouchDB with its adapters and plug-ins, then the end of the bridge that Python holds.
 */
import './environment/index.js';

import PouchDB from 'pouchdb-core';
import httpAdapter from 'pouchdb-adapter-http';
import find from 'pouchdb-find';
import mapreduce from 'pouchdb-mapreduce';
import replication from 'pouchdb-replication';

import sqliteAdapter from './adapter/index.js';
import { ends } from './bridge/channel.js';
import { startDispatch } from './bridge/dispatch.js';

const Pouch = /** @type {any} */ (PouchDB);

// Names of databases are the user's own; PouchDB would put "_pouch_" before them.
Pouch.prefix = '';

Pouch.plugin(sqliteAdapter)
  .plugin(httpAdapter)
  .plugin(replication)
  .plugin(mapreduce)
  .plugin(find);

/** @type {any} */ (globalThis).PouchDB = Pouch;
/** @type {any} */ (globalThis).__engine = { ...ends, start: startDispatch };
