// Asking the local server, and saying what went wrong.

/** The object at an address of this server; throws an Error with the server's own words. */
export async function ask(path, query) {
  const answer = await fetch(`${path}?${new URLSearchParams(query)}`);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

/** Fill a place by asking: it says that it is loading, then what `show` puts there, or what went wrong. */
export async function fill(place, asking, show) {
  place.replaceChildren(note(word("loading")));
  place.setAttribute("aria-busy", "true");
  try {
    const value = await asking;
    place.replaceChildren();
    show(value);
  } catch (error) {
    place.replaceChildren(note(`${word("failed")} ${error.message}`, "why"));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

/** A word of the page's language, from the list that the page carries. */
export function word(key) {
  const terms = document.querySelectorAll("#row-words dt");
  const term = [...terms].find((each) => each.textContent === key);
  return term ? term.nextElementSibling.textContent : key;
}

/** What a template of the page holds. */
export function made(template) {
  return document.getElementById(`${template}-template`).content.firstElementChild.cloneNode(true);
}

/** A number as the page writes it: with a true minus sign. */
export function shown(number) {
  return number === null || number === undefined ? "" : String(number).replace(/^-/, "\u2212");
}

function note(words, kind = "none") {
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = words;
  return line;
}
