// Merkle trees as in RFC 6962: leaves, nodes, roots, inclusion and consistency.

const HASH_BYTES = 32;
const _LEAF = Uint8Array.of(0);
const _NODE = Uint8Array.of(1);

/** SHA-256 of 0x00, the salt (if any) and the entry. */
function leafHash(entry, salt = null) {
  return salt ? sha256(_LEAF, salt, entry) : sha256(_LEAF, entry);
}

/** SHA-256 of 0x01 and both children. */
function nodeHash(left, right) {
  return sha256(_NODE, left, right);
}

/** The salt of record `index` under a salt of all: SHA-256(0x02, salt, uint64 index). */
function derivedSalt(salt, index) {
  return sha256(Uint8Array.of(2), salt, uint64Bytes(index));
}

/** The root over leaf hashes, level by level; a node without a sibling moves up as it is. */
function treeRoot(leaves) {
  if (!leaves.length) return sha256();
  let level = leaves;
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < level.length; at += 2) above.push(nodeHash(level[at], level[at + 1]));
    if (level.length % 2) above.push(level[level.length - 1]);
    level = above;
  }
  return level[0];
}

function _bitLength(number) {
  return number === 0n ? 0 : number.toString(2).length;
}

function _bitCount(number) {
  return number.toString(2).replaceAll("0", "").length;
}

/** The hash that results when siblings join on the side that each bit of the index says, then all on the left. */
function _climb(seed, path, inner, index) {
  let hash = seed;
  path.forEach((sibling, level) => {
    const onTheLeft = level >= inner || (index >> BigInt(level)) & 1n;
    hash = onTheLeft ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  });
  return hash;
}

/** As `_climb` for the earlier tree: siblings on the right were not there yet. */
function _climbEarlier(seed, path, inner, index) {
  let hash = seed;
  path.forEach((sibling, level) => {
    if (level >= inner || (index >> BigInt(level)) & 1n) hash = nodeHash(sibling, hash);
  });
  return hash;
}

/**
 * Refuses (`proof.*`) unless the leaf hash stands at `index` of the tree of `size` with this root.
 * Index and size are Number or BigInt; proof is a list of 32-byte hashes.
 */
function verifyInclusion(index, size, leaf, proof, root) {
  const [i, n] = [BigInt(index), BigInt(size)];
  must(i >= 0n && i < n, "proof.range", `leaf ${i} is not in a tree of ${n}`);
  must(leaf.length === HASH_BYTES, "proof.hash", `expected a leaf hash of ${HASH_BYTES} bytes, got ${leaf.length}`);
  const inner = _bitLength(i ^ (n - 1n));
  const length = inner + _bitCount(i >> BigInt(inner));
  must(proof.length === length, "proof.length", `expected ${length} hashes, got ${proof.length}`);
  must(sameBytes(_climb(leaf, proof, inner, i), root), "proof.root", "the proof leads to another root");
}

/** Refuses (`proof.*`) unless the tree (size2, root2) begins with the tree (size1, root1). */
function verifyConsistency(size1, size2, root1, root2, proof) {
  const [m, n] = [BigInt(size1), BigInt(size2)];
  must(m <= n && (m > 0n || n === 0n), "proof.range", `no proof leads from size ${m} to size ${n}`);
  if (m === n) {
    must(proof.length === 0, "proof.length", `expected no hashes between equal sizes, got ${proof.length}`);
    must(sameBytes(root1, root2), "proof.root", "two trees of one size have different roots");
    must(m > 0n || sameBytes(root1, sha256()), "proof.root", "an empty tree has another root");
    return;
  }
  const shift = _bitLength(m & -m) - 1;
  const last = m - 1n;
  const inner = _bitLength(last ^ (n - 1n)) - shift;
  const border = _bitCount(last >> BigInt(inner + shift));
  const whole = m === 1n << BigInt(shift);
  const path = whole ? proof : proof.slice(1);
  const fits = path.length === inner + border && (whole || proof.length > 0);
  must(fits, "proof.length", `${proof.length} hashes do not lead from size ${m} to size ${n}`);
  const seed = whole ? root1 : proof[0];
  const mask = last >> BigInt(shift);
  must(sameBytes(_climbEarlier(seed, path, inner, mask), root1), "proof.root", "the earlier tree has another root");
  must(sameBytes(_climb(seed, path, inner, mask), root2), "proof.root", "the later tree has another root");
}

/** The hashes of a proof written in hexadecimal, or null where it is no list of hashes. */
function proofOfHex(list) {
  if (!Array.isArray(list)) return null;
  const hashes = list.map((text) => bytesOfHex(text, HASH_BYTES));
  return hashes.includes(null) ? null : hashes;
}
