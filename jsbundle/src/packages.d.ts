// PouchDB's packages come without types; what they give is checked by the tests.
declare module 'pouchdb-*';
declare module 'events';
