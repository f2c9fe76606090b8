// The forms of documents: each form is a function of (value, place) that gives null where the value has it, else the
// place of the first misfit.

/** Any text. */
const TEXT = (value, place) => (typeof value === "string" ? null : place);

/** A whole number from 0. */
const WHOLE = (value, place) => (typeof value === "number" && value >= 0 ? null : place);

/** A text that a pattern matches. */
function textLike(pattern) {
  return (value, place) => (typeof value === "string" && pattern.test(value) ? null : place);
}

const NAME = textLike(/^[^\u0000-\u001f\u007f]{1,200}$/u);
const SHA256_HEX = textLike(/^[0-9a-f]{64}$/);
const BASE64_TEXT = textLike(/^[A-Za-z0-9+/]*={0,2}$/);
const NUMBER_TEXT = textLike(/^[-+.,0-9A-Za-z]{1,400}$/);
/** A time with its offset, on a day of the calendar. */
const INSTANT = (value, place) => (typeof value === "string" && instantMsOf(value) !== null ? null : place);
const EDITION_LABEL = textLike(/^[a-z0-9][a-z0-9-]{0,63}\/[0-9][0-9.]{0,31}$/);
const KEY_LABEL = textLike(
  /^[^\u0000-\u0020+\u007f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{1,200}\+[0-9a-f]{8}$/u,
);
const STATEMENT_ID = textLike(/^st-[0-9a-f]{16}$/);

/** One of these values. */
function oneOf(...values) {
  return (value, place) => (values.includes(value) ? null : place);
}

/** The form, or null. */
function maybe(form) {
  return (value, place) => (value === null ? null : form(value, place));
}

/** A list of at most `most` values of the form. */
function listOf(form, most) {
  return (value, place) => {
    if (!Array.isArray(value) || value.length > most) return place;
    for (let at = 0; at < value.length; at += 1) {
      const misfit = form(value[at], `${place}[${at}]`);
      if (misfit) return misfit;
    }
    return null;
  };
}

/** An object with exactly these fields; those of `more` may be left out. */
function objectOf(fields, more = {}) {
  const forms = { ...fields, ...more };
  return (value, place) => {
    if (!hasFields(value, Object.keys(fields), Object.keys(more))) return place;
    for (const name of namesOf(value)) {
      const misfit = forms[name](value[name], `${place}.${name}`);
      if (misfit) return misfit;
    }
    return null;
  };
}

/** An object of at most `most` names, whose values have the form. */
function mapOf(form, most) {
  return (value, place) => {
    if (!isObject(value) || Object.keys(value).length > most) return place;
    for (const name of namesOf(value)) {
      const misfit = form(value[name], `${place}[${name}]`);
      if (misfit) return misfit;
    }
    return null;
  };
}

/** Refuses with the code unless the value has the form. */
function mustFit(form, value, code, where) {
  const misfit = form(value, "$");
  must(misfit === null, code, `${misfit} is not of the form that the format page asks for`, where);
}
