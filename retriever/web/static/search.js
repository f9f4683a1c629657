// Results as one types: the page that the form would ask for is fetched, and its answer put in place of this one's.
// Without this file the form does the same.

const WAIT = 120; // milliseconds after the last key

const form = document.getElementById("ask");
const box = document.getElementById("q");
const answer = document.getElementById("answer");
const count = document.getElementById("count");
let timer;
let asking = new AbortController();

function address() {
  const given = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  return given.size ? `/?${given}` : "/";
}

async function ask() {
  clearTimeout(timer);
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const url = address();
  answer.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted) return;
    show(page, url);
  } catch (error) {
    if (error.name !== "AbortError") count.textContent = "The server does not answer.";
  }
  if (!signal.aborted) answer.removeAttribute("aria-busy");
}

function show(page, url) {
  const open = document.getElementById("narrow")?.open;
  const fresh = page.getElementById("answer") ?? page.getElementById("main");
  answer.replaceChildren(...fresh.childNodes);
  const narrow = document.getElementById("narrow");
  if (narrow) narrow.open = open;
  document.title = page.title;
  history.replaceState(null, "", url);
  count.textContent = answer.querySelector("[data-count]")?.textContent ?? answer.textContent.trim();
}

box.addEventListener("input", (event) => {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(ask, WAIT);
});
box.addEventListener("compositionend", ask);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
