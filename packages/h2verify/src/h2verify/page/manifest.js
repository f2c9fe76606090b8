// Step 2: the manifest names every member with its digest, the members are those of the bundle's depth, and the page for
// people is the one that every bundle has.

const BUNDLE_FORMAT = "h2corridor/bundle/1";
const DEPTHS = ["figure", "activity", "raw"];
const README = "README.txt";
/** The SHA-256 of the one text that README.txt has (section 1). */
const README_SHA256 = "4ab208f3f903ff3f782ca94679e60beaf289f98e49d4adc3e2f5aa59790132e2";
const _REQUIRED_MEMBERS = {
  figure: ["statement.json", "chain.json", "figures.json", "identity.json", "policy.txt", "status.json", README],
  activity: ["proofs.json"],
  raw: ["release.json", "opened.json"],
};
const _NUMBERED_MEMBERS = {
  figure: ["signatures/", ".note"],
  activity: ["activity/", ".json"],
  raw: ["received/", ".json"],
};
const _EDITION_MEMBER = /^(?:rulesets|comparisons)\/[^/]+\/[^/]+\/.+$/;
const _MEMBER_NUMBER = /^[1-9][0-9]{0,5}$/;

/** The depths that a bundle or a check of this depth holds. */
function depthsUpTo(depth) {
  return DEPTHS.slice(0, DEPTHS.indexOf(depth) + 1);
}

/** The number of a member such as received/12.bin, or null. */
function memberNumber(name, folder, ending) {
  if (!name.startsWith(folder) || !name.endsWith(ending)) return null;
  const text = name.slice(folder.length, name.length - ending.length);
  return _MEMBER_NUMBER.test(text) ? Number(text) : null;
}

/** The members named <folder><n><ending>, by number. */
function numberedMembers(members, folder, ending) {
  const numbers = [...members.keys()].map((name) => memberNumber(name, folder, ending));
  return numbers.filter((number) => number !== null).sort((a, b) => a - b).map((number) => `${folder}${number}${ending}`);
}

/** The members of a bundle with their documents, each read once. */
class Bundle {
  constructor(members) {
    this.members = members;
    this._documents = new Map();
  }

  bytes(name) {
    return this.members.get(name).bytes;
  }

  /** The value of a member's canonical JSON. */
  document(name) {
    if (!this._documents.has(name)) {
      try {
        this._documents.set(name, parseCanonical(this.bytes(name)));
      } catch (error) {
        if (error instanceof Refusal) error.where = name;
        throw error;
      }
    }
    return this._documents.get(name);
  }

  /** The document, once it has the form. */
  formed(name, form, code) {
    mustFit(form, this.document(name), code, name);
    return this.document(name);
  }
}

/** Depth and statement id, after every member was held against its digest and every document is canonical. */
function readManifest(bundle, askedDepth) {
  const manifest = bundle.formed(
    MANIFEST,
    objectOf({
      depth: oneOf(...DEPTHS),
      format: oneOf(BUNDLE_FORMAT),
      members: mapOf(objectOf({ sha256: SHA256_HEX, size: WHOLE }), Infinity),
      statement_id: STATEMENT_ID,
    }),
    "manifest.form",
  );
  const deepEnough = askedDepth === null || depthsUpTo(manifest.depth).includes(askedDepth);
  must(deepEnough, "depth.absent", `the bundle goes down to ${manifest.depth}, not to ${askedDepth}`);
  _checkMembers(bundle.members, manifest);
  for (const name of namesOf(manifest.members)) {
    const [member, stated] = [bundle.members.get(name), manifest.members[name]];
    const same = member.sha256 === stated.sha256 && member.bytes.length === stated.size;
    must(same, "manifest.digest", "its digest or size is another than the manifest says", name);
  }
  const isReadme = bundle.members.get(README).sha256 === README_SHA256;
  must(isReadme, "manifest.readme", "expected the text that every bundle has", README);
  for (const name of bundle.members.keys()) {
    if (name.endsWith(".json") && !_EDITION_MEMBER.test(name)) bundle.document(name);
  }
  return { depth: manifest.depth, statementId: manifest.statement_id };
}

function _checkMembers(members, manifest) {
  const levels = depthsUpTo(manifest.depth);
  const names = [...members.keys()].filter((name) => name !== MANIFEST).sort();
  const needed = [
    ...namesOf(manifest.members),
    ...levels.flatMap((level) => _REQUIRED_MEMBERS[level]),
    ...levels.flatMap((level) => _gaps(names, ..._NUMBERED_MEMBERS[level])),
  ];
  for (const name of needed) {
    const there = name !== MANIFEST && members.has(name);
    must(there, "manifest.missing-member", "it is not in the container", name.slice(0, 200));
  }
  for (const name of names) {
    must(name in manifest.members, "manifest.extra-member", "the manifest does not name it", name);
    const fits = _mayBeThere(name, members, levels);
    must(fits, "manifest.extra-member", `no member of a bundle of depth ${manifest.depth}`, name);
  }
}

/** Numbered members go up from 1 without a gap; the names that are missing among them. */
function _gaps(names, folder, ending) {
  const numbers = new Set(names.map((name) => memberNumber(name, folder, ending)));
  numbers.delete(null);
  const last = Math.min(Math.max(0, ...numbers), LIMITS.members);
  const missing = [];
  for (let number = 1; number <= last; number += 1) {
    if (!numbers.has(number)) missing.push(`${folder}${number}${ending}`);
  }
  return missing;
}

function _mayBeThere(name, members, levels) {
  if (_EDITION_MEMBER.test(name) || levels.some((level) => _REQUIRED_MEMBERS[level].includes(name))) return true;
  const bin = levels.includes("raw") ? memberNumber(name, "received/", ".bin") : null;
  if (bin !== null) return members.has(`received/${bin}.json`);
  return levels.some((level) => memberNumber(name, ..._NUMBERED_MEMBERS[level]) !== null);
}
