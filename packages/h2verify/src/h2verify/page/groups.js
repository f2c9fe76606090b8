// A group of activity records as the bundle holds it: whole, and a leaf of the activity tree.

const GROUP_FORMAT = "h2corridor/activity-group/1";
const _GROUP_DOCUMENT = objectOf({
  format: oneOf(GROUP_FORMAT),
  group: TEXT,
  leaf: objectOf({ hashes: PROOF_HASHES, index: WHOLE, root: SHA256_HEX, salt: SHA256_HEX }),
  records: listOf((value, place) => (isObject(value) ? null : place), Infinity),
  salt: SHA256_HEX,
});

/** The root over a group's records, each salted by what the group's salt gives for its number. */
function groupRoot(records, salt) {
  return treeRoot(records.map((record, at) => leafHash(canonicalBytes(record), derivedSalt(salt, at))));
}

/**
 * The name and records of a group that is whole and in the activity tree.
 * `document` is the value of `activity/<n>.json`, `root` (bytes) and `groupsInTree` those of the statement's tree.
 * Refuses `activity.form`, `activity.records` (another root) and `activity.group` (not in the tree).
 */
function readGroup(document, root, groupsInTree) {
  mustFit(_GROUP_DOCUMENT, document, "activity.form", "activity");
  const { group: name, leaf, records } = document;
  const found = hexOf(groupRoot(records, bytesOfHex(document.salt)));
  must(found === leaf.root, "activity.records", `the records give the root ${found}`, name);
  const entry = canonicalBytes({ group: name, records: records.length, root: found });
  const hash = leafHash(entry, bytesOfHex(leaf.salt));
  under("activity.group", name, () => verifyInclusion(leaf.index, groupsInTree, hash, proofOfHex(leaf.hashes), root));
  return { name, records };
}
