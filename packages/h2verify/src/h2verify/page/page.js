// The page: what is dropped is verified, what was found is shown, in either language.

const _LANGUAGE_KEY = "h2verify.language";
const _READ_MAX = LIMITS.fileBytes + 1;
const page = { outcome: null, policy: null, fault: null, worker: null, bytes: null, name: "" };

const byId = (id) => document.getElementById(id);

/** A worker that holds the verifier, or null where the browser allows none. */
function makeWorker() {
  const source = byId("verifier").textContent;
  const address = URL.createObjectURL(new Blob([source, "\nserveOne();\n"], { type: "text/javascript" }));
  try {
    return new Worker(address);
  } catch {
    return null;
  } finally {
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}

/** The outcome of a verification in a worker; in the page itself where there is none. */
function verifyApart(bytes, options, onStep) {
  const worker = makeWorker();
  if (!worker) return _verifyHere(bytes, options, onStep);
  page.worker = worker;
  return new Promise((resolve, reject) => {
    let begun = false;
    worker.onmessage = ({ data }) => {
      begun = true;
      if (data.step) onStep(data.step);
      else resolve(data.outcome);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (begun) reject(new Error(event.message));
      else resolve(_verifyHere(bytes, options, onStep));
    };
    worker.postMessage({ bytes, options });
  }).finally(() => worker.terminate());
}

async function _verifyHere(bytes, options, onStep) {
  const run = await verifyBundle(bytes, options, async (step) => {
    onStep(step.number);
    await new Promise((resolve) => setTimeout(resolve));
  });
  return outcomeOf(run);
}

/** For other programs: the result as `h2verify --json` prints it. */
globalThis.h2verify = Object.freeze({
  async verify(bytes, { depth = null, policy = null } = {}) {
    return (await verifyApart(bytes, { depth, policy }, () => {})).result;
  },
});

async function _check(bytes, name) {
  page.worker?.terminate();
  Object.assign(page, { outcome: null, fault: null, bytes, name });
  render();
  byId("progress").hidden = false;
  _showStep(1);
  const run = (page.running = Symbol(name));
  const outcome = await verifyApart(bytes, { depth: null, policy: page.policy?.bytes ?? null }, (step) => {
    if (page.running === run) _showStep(step);
  }).catch(() => null);
  if (page.running !== run) return;
  byId("progress").hidden = true;
  page.outcome = outcome && { ...outcome, name };
  page.fault = outcome ? null : "unreadable";
  render();
  byId("verdict").scrollIntoView({ block: "nearest" });
}

function _showStep(number) {
  page.step = number;
  byId("progress-bar").value = number - 1;
  byId("progress-words").textContent = say("working", { number, title: ofBoth(STEP_WORDS[number - 1], "title_") });
}

/** At most one byte more than a bundle may have: more need not be read to refuse it. */
async function _bytesOf(file) {
  return new Uint8Array(await file.slice(0, _READ_MAX).arrayBuffer());
}

async function _take(file) {
  if (!file) return;
  try {
    await _check(await _bytesOf(file), file.name);
  } catch {
    Object.assign(page, { outcome: null, fault: "unreadable" });
    render();
  }
}

async function _takePolicy(file) {
  if (!file) return;
  page.policy = { bytes: await _bytesOf(file), name: file.name };
  _afterPolicy();
}

function _afterPolicy() {
  if (page.bytes) _check(page.bytes, page.name);
  else render();
}

/** Writes the whole page in the chosen language. */
function render() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${say("title")} · ${say("product")}`;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = say(each.dataset.text);
  for (const each of document.querySelectorAll("[data-language]")) {
    each.setAttribute("aria-pressed", String(each.dataset.language === language));
  }
  const name = byId("policy-name");
  name.replaceChildren(...(page.policy ? sentence(inLanguage(TEXTS.policy_chosen), { name: page.policy.name }) : []));
  byId("policy-none").hidden = !page.policy;
  if (!byId("progress").hidden) _showStep(page.step);
  byId("drop").classList.toggle("compact", page.outcome !== null);
  const fault = page.fault ? [element("p", { class: "note" }, say(page.fault))] : [];
  byId("verdict").replaceChildren(...(page.outcome ? [verdictView(page.outcome)] : fault));
  byId("result").replaceChildren(...(page.outcome ? resultView(page.outcome) : []));
}

function _choose(chosen) {
  language = chosen;
  try {
    localStorage.setItem(_LANGUAGE_KEY, chosen);
    history.replaceState(null, "", `?lang=${chosen}`);
  } catch {
    // A page from a disk may have no memory; the choice then lasts as long as the page.
  }
  render();
}

/** The language asked for in the address, chosen before, or set in the browser. */
function _firstLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  let chosen = null;
  try {
    chosen = localStorage.getItem(_LANGUAGE_KEY);
  } catch {
    // No memory: see _choose.
  }
  const found = [asked, chosen].find((each) => each === "zh" || each === "en");
  return found ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
}

/** Makes the whole window take dropped files, so that a file beside the mark does not replace the page. */
function _listenForDrops() {
  const drop = byId("drop");
  const over = (event) => {
    event.preventDefault();
    drop.classList.add("over");
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const onPolicy = byId("policy-part").contains(event.target);
    const file = event.dataTransfer?.files[0];
    if (onPolicy) _takePolicy(file);
    else _take(file);
  });
}

function _listen() {
  const fileOf = (event) => event.target.files[0];
  byId("file").addEventListener("change", (event) => _take(fileOf(event)));
  byId("policy").addEventListener("change", (event) => _takePolicy(fileOf(event)));
  for (const id of ["file", "policy"]) byId(id).addEventListener("click", (event) => (event.target.value = ""));
  byId("policy-none").addEventListener("click", () => {
    page.policy = null;
    _afterPolicy();
  });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => _choose(button.dataset.language));
  }
  _listenForDrops();
}

language = _firstLanguage();
_listen();
render();
