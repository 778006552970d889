// What lies on the phone (IndexedDB): only sealed records, the wrapped key and the count of wrong PINs.
const NAME = "xieli-m";
const STORES = ["key", "rows", "queue", "state"];
let opened = null;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function database() {
  if (opened) return opened;
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => STORES.forEach((store) => request.result.createObjectStore(store, { keyPath: "id" }));
  opened = await done(request);
  // Another tab wipes: it must not wait for this one.
  opened.onversionchange = () => close();
  return opened;
}

function close() {
  opened?.close();
  opened = null;
}

export async function get(store, id) {
  return done((await database()).transaction(store).objectStore(store).get(id));
}

export async function list(store) {
  return done((await database()).transaction(store).objectStore(store).getAll());
}

/** All changes in one transaction, or none: [store, "put", record] or [store, "delete", id]. */
export async function write(changes) {
  const transaction = (await database()).transaction(STORES, "readwrite", { durability: "strict" });
  for (const [store, verb, what] of changes) transaction.objectStore(store)[verb](what);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** Read and write one record with nobody in between; answers what was written. */
export async function update(store, id, change) {
  const transaction = (await database()).transaction(store, "readwrite", { durability: "strict" });
  const records = transaction.objectStore(store);
  const changed = change(await done(records.get(id)));
  records.put(changed);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(changed);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export async function wipe() {
  close();
  await done(indexedDB.deleteDatabase(NAME));
}
