// The entry for a bibliography: fetched when it is looked at, and copied where the browser lets a page do so.

const details = document.querySelector(".bibtex");
const entry = details.querySelector("pre");
const button = details.querySelector("button");
const said = details.querySelector("[role=status]");

details.addEventListener("toggle", async () => {
  if (!details.open || entry.textContent) return;
  try {
    const response = await fetch(details.dataset.from);
    if (!response.ok) throw new Error(response.statusText);
    entry.textContent = await response.text();
  } catch {
    said.textContent = "The server does not answer.";
    return;
  }
  entry.hidden = false;
  button.hidden = !navigator.clipboard;
});

button.addEventListener("click", async () => {
  await navigator.clipboard.writeText(entry.textContent);
  said.textContent = "Copied.";
});
