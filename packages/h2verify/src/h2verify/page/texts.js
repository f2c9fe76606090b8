// Every sentence of the page in English and Chinese; names in braces are filled in.

const STEP_WORDS = "STEP WORDS";
const CAUSE_WORDS = "CAUSE WORDS";
const WITHHELD_WORDS = "WITHHELD WORDS";

const TEXTS = {
  product: ["Digital Hydrogen Corridor", "数字氢走廊"],
  kind: ["· check an evidence bundle", "· 核验证据包"],
  title: ["Check an evidence bundle yourself", "自己核验证据包"],
  purpose: [
    "You were given a carbon figure and one file. Drop the file here: this page does the whole calculation again, from the published rules down to the records it rests on, and tells you whether it holds. You need not trust whoever sent it.",
    "您收到了一个碳排放数据和一个文件。把文件拖到这里：本页将按公布的规则重新完成全部计算，直至其依据的记录，并告诉您它是否成立。您无需信任发送者。",
  ],
  skip: ["Skip to the check", "跳到核验"],
  drop: ["Drop the evidence bundle (.zip) here", "将证据包（.zip）拖到这里"],
  choose: ["Choose a file", "选择文件"],
  local: [
    "The file stays on this device. The page has no way to send anything anywhere; you may switch your network off.",
    "文件只留在本机。本页无法向任何地方发送内容；您可以断开网络。",
  ],
  policy: ["Whom do you trust? (optional)", "您信任谁？（可选）"],
  policy_what: [
    "If you have a policy file with the keys of the log and of the issuer, from a source of your own, choose it: unknown signers are then refused. The policy inside a bundle does not count, since whoever made the bundle put it there.",
    "如果您从自己的渠道获得了列有日志和签发方密钥的信任策略文件，请选择它：未知签名者将被拒绝。证据包内附的策略不算数，因为那是制作者自己放入的。",
  ],
  choose_policy: ["Choose a policy file", "选择策略文件"],
  forget_policy: ["Do without it", "不使用"],
  policy_chosen: ["In use: {name}", "正在使用：{name}"],
  working: ["Step {number} of 18: {title}", "第 {number} 步，共 18 步：{title}"],
  labelled: ["{name}: ", "{name}："],
  unreadable: ["This file cannot be read.", "无法读取此文件。"],
  file: [
    "File: {name}; SHA-256 {sha256}; checked with {software}",
    "文件：{name}；SHA-256 {sha256}；核验工具 {software}",
  ],
  file_too_large: ["not computed, the file is too large", "文件过大，未计算"],

  v_matches: ["Recomputed: it matches, and it was signed by somebody you trust.", "重新计算一致，且由您信任的一方签名。"],
  v_unpinned: [
    "The calculation holds. Whether the right party signed it, you still have to make sure.",
    "计算成立。但是否由应当签名的一方签署，还需您自行确认。",
  ],
  v_refused: ["Refused. Do not rely on this file.", "拒绝。请勿依据此文件。"],
  v_none: ["This file is not an evidence bundle.", "此文件不是证据包。"],
  v_policy: ["Your policy file cannot be read.", "您的信任策略文件无法读取。"],
  v_container: ["Refused: this file cannot be checked as it came.", "拒绝：此文件在目前状态下无法核验。"],
  holds_to: ["All {count} steps hold, down to: {depth}.", "全部 {count} 步成立，深入至：{depth}。"],
  depth_figure: ["the calculation of the figure", "数据的计算"],
  depth_activity: ["the records behind the calculation", "计算所依据的记录"],
  depth_raw: ["the bytes that were received", "收到的原始字节"],
  pin_how: [
    "The file says that {issuer} signed it. Anybody can write a name into a file. Call {issuer} on a number you found yourself, and ask them to read out the fingerprint of their signing key. It must be:",
    "文件称由{issuer}签名，但任何人都可以在文件中写入名称。请用您自行查到的号码致电{issuer}，请对方读出其签名密钥的指纹。应当是：",
  ],
  refused_why: ["Step {number}: {fails}", "第 {number} 步：{fails}"],
  refused_code: ["What was found (for specialists):", "具体发现（供专业人员参考）："],
  refused_figure: [
    "No figure is shown, because a figure that was not confirmed should not be read.",
    "不显示任何数据，因为未经证实的数据不应被采信。",
  ],

  moved: ["What was moved, and what it emitted", "运输了什么，排放了多少"],
  wtw: ["Greenhouse gases, from the source of the energy to the wheel (WTW)", "温室气体排放，从能源源头到车轮（WTW）"],
  ttw: ["at the vehicle and hubs (TTW)", "运行排放（TTW）"],
  wtt: ["making and moving the energy (WTT)", "能源供给（WTT）"],
  intensity: ["per tonne-kilometre (WTW)", "单位周转量（WTW）"],
  intensity_ttw: ["per tonne-kilometre (TTW)", "单位周转量（TTW）"],
  activity: ["transport activity", "运输周转量"],
  mass: ["mass", "质量"],
  hub: ["handled at hubs", "枢纽吞吐"],
  modes: ["by", "方式"],
  when: ["from – to", "起止时间"],
  goods: ["goods", "货物"],
  consignment: ["consignment", "托运货物"],
  documents: ["papers", "单证"],
  unknown: ["not stated", "未说明"],
  comparisons: ["Compared with", "对比"],
  saves: ["Saves {number} kg CO₂e compared with this.", "与之相比减少 {number} kg CO₂e。"],
  costs: ["Costs {number} kg CO₂e more than this.", "与之相比增加 {number} kg CO₂e。"],
  equal: ["Neither saves nor costs anything compared with this.", "与之相比不增不减。"],
  withheld: ["Withheld: {why}", "未给出：{why}"],
  quoted: ["{text}", "签发方原文：“{text}”"],
  between: [", ", "、"],
  beside: ["{name} ({note})", "{name}（{note}）"],
  unsupported: ["The basis of this comparison is not documented.", "该对比的依据没有文件支持。"],
  this_transport: ["this transport", "本次运输"],
  baseline: ["compared with", "对比对象"],
  no_comparisons: ["The statement compares this transport with nothing.", "声明未作任何对比。"],
  not_covered: ["Not covered by the figure", "数据未涵盖"],
  nothing_left_out: ["The statement names nothing that is left out.", "声明未列出遗漏内容。"],
  share_emissions: ["primary data, by emissions", "初级数据占比（按排放）"],
  share_activity: ["primary data, by transport activity", "初级数据占比（按周转量）"],
  findings: ["What the data tests found", "数据检验发现"],
  no_findings: ["The data tests found nothing that bears on this figure.", "数据检验未发现影响该数据的问题。"],
  times: ["({count} times)", "（{count} 次）"],
  severity_info: ["note", "提示"],
  severity_warning: ["warning", "警告"],
  severity_blocking: ["blocking", "阻断"],
  about: ["Who states this, by which rules", "由谁声明，依据什么规则"],
  issuer: ["issuer", "签发方"],
  fingerprint: ["fingerprint of the key", "密钥指纹"],
  log: ["log", "日志"],
  log_place: ["{origin}, entry {index}, counted from 0, of {size}", "{origin}，共 {size} 条，序号为 {index}（从 0 起）"],
  rule_set: ["rule set", "规则集"],
  valid: ["valid", "有效期"],
  valid_range: ["{from} to {until}; stated {stated}; {standing}", "{from} 至 {until}；声明于 {stated}；{standing}"],
  in_force: ["in force as of {at}", "截至 {at} 有效"],
  superseded_by: ["superseded by {by} as of {at}", "截至 {at} 已被 {by} 取代"],
  superseded: [
    "SUPERSEDED: as of {as_of} the statement {by} stands in its place. Ask its issuer for that one.",
    "已被取代：截至 {as_of}，以声明 {by} 为准，请向签发方索取后者。",
  ],
  supersedes: ["takes the place of", "取代"],
  changed_since: ["changed since:", "其后有变动："],
  statement_id: ["statement", "声明编号"],
  figure_id: ["figure", "数据编号"],
  trial: ["trial", "试运行"],
  suppliers: ["signed by suppliers", "供应方签名"],
  supplier_none: ["nothing", "无"],
  supplier_count: ["{count} notes", "{count} 份"],

  steps: ["How it was checked, step by step", "逐步核验"],
  state_holds: ["holds", "成立"],
  state_unpinned: ["not checked", "未核验"],
  state_refused: ["does not hold", "不成立"],
  state_unread: ["could not be checked", "无法核验"],
  state_waiting: ["not reached", "未进行"],
  deeper: [
    "Steps {from} to 18 need a bundle that goes down further than this one.",
    "第 {from} 至 18 步需要更深的证据包。",
  ],
  trust_pinned: ["Your policy names this signer and this log", "您的信任策略列有该签名者和该日志"],
  trust_witnesses: ["; {witnesses} of its {witnesses_named} witnesses cosigned", "；所列 {witnesses_named} 个见证方中 {witnesses} 个已联署"],
  trust_edition: ["; {editions_pinned} edition pinned by you.", "；您指定了 {editions_pinned} 个规则版本。"],
  trust_editions: ["; {editions_pinned} editions pinned by you.", "；您指定了 {editions_pinned} 个规则版本。"],
  trust_no_edition: ["; no edition pinned: the rules are those in the bundle.", "；未指定规则版本：采用证据包内的规则。"],
  trust_unpinned: [
    "You gave no policy, so nobody was ruled out. Compare the fingerprint above by telephone.",
    "您没有提供信任策略，因此未排除任何人。请通过电话核对上方的指纹。",
  ],

  derivation: ["The calculation, down to its inputs", "计算过程，直至输入"],
  derivation_what: [
    "Open a line to see what it is made of. Every line was computed again in this page.",
    "展开一行即可查看其构成。每一行都已在本页重新计算。",
  ],
  formula: ["formula", "公式"],
  rule: ["rule", "规则"],
  clause: ["clause", "条款"],
  clause_unseen: ["not read by the authors", "作者未读过原文"],
  clause_own: ["own decision of the rule set", "规则集自定"],
  guard: ["must not exceed", "不得超过"],
  place: ["stands in the chain at", "见运输链"],
  source: ["source", "来源"],
  page: ["page", "页码"],
  page_unseen: ["page not seen", "未见原页"],
  holds: ["holds", "适用期"],
  older: ["{years} years old", "已过期 {years} 年"],
  region: ["region", "地区"],
  boundary: ["boundary", "边界"],
  boundary_direct: ["direct emissions of generation only", "仅发电直接排放"],
  boundary_life_cycle: ["life cycle", "全生命周期"],
  refs: ["rests on", "依据"],

  meaning: ["What this shows, and what it does not", "这说明什么，不说明什么"],
  shows: ["It shows", "说明"],
  shows_not: ["It does not show", "不说明"],
  footer: [
    "Written from the published format page, sharing no code with the h2verify program; both must give the same verdict.",
    "依据公开的格式说明独立编写，与 h2verify 程序没有共用代码；两者必须得出相同结论。",
  ],
};

const MODES = {
  road: ["road", "公路"],
  rail: ["rail", "铁路"],
  sea: ["sea", "海运"],
  inland_waterway: ["inland waterway", "内河"],
  air: ["air", "航空"],
  pipeline: ["pipeline", "管道"],
  hub: ["hub", "枢纽"],
};

const _WIDE = { ",": "，", ";": "；", ":": "：" };

let language = "en";

/** One of a pair of texts, [English, Chinese]. */
function inLanguage(pair) {
  return pair[language === "zh" ? 1 : 0];
}

/** A sentence of the page with its names filled in. */
function say(name, values = {}) {
  return fill(inLanguage(TEXTS[name]), values);
}

/** A text with {names} replaced; a name without a value stays away. */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Chinese with the commas and brackets of Chinese: published editions are not edited, what is shown may be. */
function fullWidth(words) {
  if (language !== "zh") return words;
  return words
    .replace(/([\u4e00-\u9fff])\(([^()]*)\)/g, "$1（$2）")
    .replace(/\(([^()]*[\u4e00-\u9fff][^()]*)\)/g, "（$1）")
    .replace(/([\u4e00-\u9fff）])([,;:])/g, (_, before, mark) => before + _WIDE[mark])
    .replace(/[,;:](?=[\u4e00-\u9fff])/g, (mark) => _WIDE[mark]);
}

/** Why nothing is compared, which statements say in English: in Chinese where it is known, else quoted. */
function whyWords(reason) {
  if (!reason) return "";
  const known = language === "zh" ? reason.split("; ").map(_knownWhy) : [null];
  return known.includes(null) ? say("quoted", { text: reason }) : known.join("；");
}

function _knownWhy(part) {
  for (const [english, chinese] of Object.entries(WITHHELD_WORDS)) {
    const parts = english.split(/\{(\w+)\}/).map((text, at) => (at % 2 ? `(?<${text}>[^;]+)` : text.replace(/[.*+?^$()|[\]\\]/g, "\\$&")));
    const found = new RegExp(`^${parts.join("")}$`).exec(part);
    if (found) return fill(chinese, found.groups ?? {});
  }
  return null;
}

/** The text of a pair of fields such as name_en and name_zh; the other language where one is empty. */
function ofBoth(object, stem) {
  const [english, chinese] = [object[`${stem}en`], object[`${stem}zh`]];
  return (language === "zh" ? chinese || english : english || chinese) ?? "";
}
